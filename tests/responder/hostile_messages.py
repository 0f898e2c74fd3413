"""Messages that try to make the responder work without end; each is within the limit of 10,000 characters."""

import random

from tests.responder.office_documents import DOCUMENTS

LENGTH = 10_000
RNG = random.Random(7)
LETTERS = "".join(document.text for document in DOCUMENTS)
# Long sentences without a pause in the documents' own words: the dearest alignments there are.
BARE = "".join(filter(str.isalnum, LETTERS))
MESSAGES = {
    "one character": "补" * LENGTH,
    "two characters": "补贴" * (LENGTH // 2),
    "200 questions": "".join(f"请问第{i}项失业保险金补贴的标准是多少，怎么申请，需要哪些材料？" for i in range(200)),
    "200 headings": "".join(f"{i}、养老保险怎么缴费\n" for i in range(200)),
    "no Chinese": "hello, how do I apply for unemployment benefits? " * 200,
    "emoji": "😀🎉👨‍👩‍👧‍👦" * 900,
    "emoji and a question": "😀" * 9_000 + "失业保险金每月发放多少？",
    "digits": "0123456789" * 1_000,
    "one sentence": "失业保险金申领材料养老保险缴费标准" * 600,
    "numbers": "青人社发〔2015〕8号" * 800,
    "titles": "《青禾县城乡居民基本养老保险办事指南》" * 500,
    "years": "2016〔" * 2_000,
    "letters by chance": "".join(RNG.choices(LETTERS, k=LENGTH)),
    "questions by chance": "".join("".join(RNG.choices(LETTERS, k=28)) + "？" for _ in range(330)),
    "the documents' own words": "".join(f"{(BARE * 2)[place : place + 290]}怎么办？" for place in range(0, len(BARE), max(1, len(BARE) // 30)))[:LENGTH],
    "synonyms": "补贴补助电话热线期限企业公司费用申请申报办理标准时间地点职工房租工资社保医保缴费举报赔偿" * 200,
}
