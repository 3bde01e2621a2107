"""Questions, passages and names of pictures whose answers are known, in two languages, item by item the same."""

from __future__ import annotations

ENGLISH = (
    ("How do I change the oil filter of the pump?", "Drain the pump, unscrew the oil filter and oil the new seal."),
    ("What did the bridge cost?", "Construction of the bridge came to 12 million euros, two more than was planned."),
    ("Which animals hibernate?", "Hedgehogs, dormice and bats sleep through the winter to save energy."),
    ("Who wrote the opera?", "The music of the opera is by Georges Bizet, who died soon after its first night."),
    ("symptoms of a vitamin deficiency", "A lack of vitamin D shows as tiredness, bone pain and weak muscles."),
    ("When does the train to Lyon leave?", "Departures for Lyon: 07:14, 09:14 and every two hours until the evening."),
    ("How are passwords stored?", "The server keeps salted hashes and never the login secrets themselves."),
    ("unemployment after the crisis", "The share of people without work rose to 9.8 percent when the banks failed."),
)  # fmt: skip
"""Questions and passages that answer them, in other words."""
ENGLISH_QUESTIONS = tuple(question for question, _ in ENGLISH)
ENGLISH_PASSAGES = tuple(passage for _, passage in ENGLISH)
CHINESE_QUESTIONS = (
    "怎样更换水泵的机油滤清器？",
    "这座桥花了多少钱？",
    "哪些动物会冬眠？",
    "这部歌剧是谁写的？",
    "维生素缺乏的症状",
    "去里昂的火车几点开？",
    "密码是怎样保存的？",
    "危机之后的失业率",
)
"""The same questions."""
CHINESE_PASSAGES = (
    "先把泵里的液体排空，拧下机油滤芯，再给新的密封圈涂上油。",
    "大桥的建造共用去一千二百万欧元，比原计划多两百万。",
    "刺猬、睡鼠和蝙蝠靠睡过整个冬季来节省能量。",
    "歌剧的音乐出自乔治·比才之手，首演后不久他就去世了。",
    "身体缺少维生素D时会感到疲倦、骨头疼、肌肉无力。",
    "开往里昂的列车：7点14分、9点14分，之后每两小时一班，直到晚上。",
    "服务器只保留加盐的哈希值，从不保留登录口令本身。",
    "银行倒闭以后，没有工作的人的比例升到了百分之九点八。",
)
"""The same passages."""
FIGURES = ("a red circle", "a blue square", "a green triangle", "a bar chart", "a pie chart", "a page of text")
CHINESE_FIGURES = ("一个红色的圆", "一个蓝色的正方形", "一个绿色的三角形", "柱状图", "饼图", "一页文字")
