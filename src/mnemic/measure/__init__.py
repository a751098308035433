"""Statistics of the instruments: plain functions over numbers, which know no system and no task.

ranking.py      a ranking and what was wanted → recall, precision, NDCG, MAP
intervals.py    values → bootstrap intervals, differences, p values of several tests
calibration.py  scores and outcomes → how far off, and a map that makes probabilities of scores
agreement.py    labels of several raters → kappa, alpha
mixed.py        values with fixed and random influences → marginal means (extra `bench`)
cost.py         accuracy and latency → the frontier, LAFS
"""
