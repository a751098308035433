"""Chinese function words, as the pairs and single characters that `words.words` makes of them.

Pairs of one whole function word are listed, and the two halves of three-character ones. Pairs that
straddle a function character and a content one (`的猫`) stay: they are evidence.
"""

WORDS = """
什么 甚么 什麼 甚麼 怎么 怎麼 么样 麼樣 怎样 怎樣 哪里 哪裡 哪裏 哪儿 哪兒 哪个 哪個 哪些 哪种
哪種 哪位 为什 為什 为何 為何 如何 何时 何時 何处 何處 多少 多久 几个 幾個 几时 幾時 时候 時候
是谁 是誰 谁的 誰的 是否 是不 不是 有没 有沒 没有 沒有 能否 可否 我们 我們 你们 你們 您们 他们
他們 她们 她們 它们 它們 咱们 咱們 大家 自己 别人 別人 我的 你的 您的 他的 她的 它的 们的 們的
这个 這個 那个 那個 这些 這些 那些 这里 這裡 這裏 那里 那裡 那裏 这儿 那儿 这样 這樣 那样 那樣
这么 這麼 那么 那麼 这是 這是 那是 一个 一個 一些 一下 一种 一種 一样 一樣 可以 能够 能夠 应该
應該 需要 可能 已经 已經 正在 曾经 曾經 因为 因為 所以 但是 可是 不过 不過 而且 并且 並且 或者
还是 還是 如果 虽然 雖然 然后 然後 以及 关于 關於 对于 對於 根据 根據 除了 的是 了吗 了嗎 是吗
是嗎 对吗 對嗎 的吗 的嗎 了什 是什 的什 的 了 吗 嗎 呢 吧 啊 呀 嘛 么 麼 是 有 在 和 与 與 或 及
而 但 就 都 也 还 還 又 很 太 更 最 不 没 沒 我 你 您 他 她 它 们 們 这 這 那 哪 谁 誰 几 幾 把 被
给 給 让 讓 从 從 向 对 對 于 於 以 为 為 之 其 所 个 個 请 請 什 甚 儿 兒 样 樣 些 着 著 过 過 得
地 会 會 能 可 里 裡 裏 时 時 候 该 該 此 咱 您 别 別
"""
