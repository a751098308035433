"""Japanese function words: the particles, copulas and question words that `words.words` leaves.

Scripts are parted before pairs are made, so a particle beside a Kanji word stands alone. Kana pairs
that are parts of endings are listed; the Kanji `何`, `誰` and `私` are question words and pronouns.
"""

WORDS = """
です でし した ます まし ませ せん した たか すか のか んか たの のは のが のを のに には では
とは から まで より ので のに けど ども だけ しか など ほど くら って った てい いる いた ある
あり なに なん どこ どれ どの どう どん だれ いつ なぜ これ それ あれ この その あの ここ そこ
こと もの くだ ださ さい わた たし あな なた は が を に で と も の へ や か ね よ な だ て た し
何 誰 私 僕 君
"""
