"""Words that only point at a picture, told from words that say something which the picture does not. Pure.

`What is this, and where was it taken?` says nothing by which another picture could be found better than by the picture
itself; `the same kind of car, but in a museum` does. In the languages that people ask the supplied models in.
"""

from __future__ import annotations

import re

from rag.text.words import STOPWORDS

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\w.,-]*")
_ENGLISH = (
    "again alike anything appear appears best big bigger call called close closer closest compare copy deep "
    "describe depicted depict details detail different else exact exactly example examples explain fast find "
    "found further get give happening happen happens heavy help high history identify info information item items "
    "kind kinds know large let like likely list long look looked looking looks made make makes match matches "
    "matching mean means model name named near nearest new object objects old older original origin people person "
    "piece place please possible recognise recognize related resemble resembles same search see seen shot shown "
    "shows sight similar size small something somewhere sort still story stuff such sure taken take takes tall "
    "thing things think time type understand version versions want wanted way went whose word "
    "words year years across attached upload uploaded attachment pic pics img screenshot scan figure drawing "
    "snapshot isn't it's that's there's what's where's who's don't doesn't can't i'm i've just only even both "
    "each every here got read says written whom by really actually maybe ever always any anyone hi hello hey "
    "thanks thank without per than then too very own until since during let's"
)
_GERMAN = (
    "was ist das dies dieses dieser diese diesem diesen hier da wo wer wie wann warum wozu welche welcher welches "
    "welchen wurde wurden wird werden aufgenommen gemacht entstanden entstand zeigt zeige zeig zeigen siehst "
    "sieht sehen sehe man ich du er sie es wir ihr mir mich dir uns auf dem den der die ein eine einen einem "
    "einer im in ins am an und oder aber auch noch mehr etwas bild bilder bildes foto fotos photo aufnahme "
    "aufnahmen ähnlich ähnliche ähnliches ähnlichen finde finden suche such suchen gibt gib erzähl erzähle sag "
    "sage sagen beschreib beschreibe beschreiben erkläre erklär über von vom zu zum zur mit für darauf davon "
    "darüber darin drauf sind sein seine ihre heißt heisst name genannt nennt gleiche gleichen gleiches selbe "
    "dasselbe sorte typ andere anderen anderes bitte kann kannst können abgebildet abgebildete dargestellt "
    "erkennen erkennst kennst weißt weisst sache ding gegenstand alt groß gross woher stammt kommt genau denn "
    "wohl nach bei als so nur um hat haben habe gehört benutzt verwendet dafür immer"
)
_FRENCH = (
    "qu'est qu'est-ce que quoi qui quel quelle quels quelles est-ce est ce c'est cet cette ces ceci cela ça où "
    "quand comment pourquoi combien a ont été prise pris prises fait faite photo photos photographie image images "
    "trouve trouver trouve-moi cherche chercher montre montrer montre-moi décris décrire décrivez explique "
    "expliquer dis dire dis-moi parle parler moi plus davantage autres autre similaire similaires semblable "
    "semblables ressemble même mêmes genre sorte type sur de du des d'où la le les l un une et ou il elle ils "
    "elles en y à au aux dans pour avec s'appelle nomme nom appelle voit voir vois vois-tu on je tu nous vous me "
    "te se sa ses leur leurs puis-je peux peut pouvez s'il plaît chose objet montré représenté encore toujours "
    "vieux vieille grand grande provient vient sont était qu j'ai n'est pas savoir sais connais"
)
_SPANISH = (
    "qué que quién quien cuál cual cuáles dónde donde cuándo cuando cómo como por para es son esto esta este "
    "estos estas eso esa ese está fue fueron se hizo hecha hecho tomó tomada tomado sacada foto fotos fotografía "
    "imagen imágenes busca buscar encuentra encontrar muestra muéstrame mostrar describe describir explica "
    "explicar dime cuéntame más sobre acerca otras otros otra otro similar similares parecida parecidas parecido "
    "parecidos igual mismo misma tipo clase de del la el los las un una unos y o en con a al me te lo le les su "
    "sus hay ve veo ves puede puedes llama nombre aquí ahí cosa objeto todavía aún antiguo grande viene favor"
)
_ITALIAN = (
    "che cosa cos'è cos è chi quale quali dove dov'è quando come perché questo questa questi queste quello quella "
    "sono stata stato fatta fatto scattata scattato presa foto fotografia immagine immagini trova trovare cerca "
    "cercare mostra mostrami descrivi descrivere spiega dimmi raccontami parlami di più altro altra altre altri "
    "simile simili uguale stesso stessa tipo genere su del della dello dei delle il lo la i gli le un una uno e o "
    "in con a al da si mi ti ci vede vedi vedo chiama nome qui oggetto ancora per favore vecchio grande viene "
    "puoi"
)
_PORTUGUESE = (
    "o que quem qual quais onde quando como porque isto isso este esta esse essa estes estas é são foi foram "
    "tirada tirado feita feito foto fotos fotografia imagem imagens encontre encontrar procure procura procurar "
    "mostre mostra mostrar descreva descreve explique diga diga-me conte conte-me fale mais sobre outras outros "
    "outra outro semelhante semelhantes parecida parecidas parecido parecidos similar similares mesmo mesma tipo "
    "de da do das dos a os as um uma e ou em no na nos nas com para por me se seu sua vê vejo chama nome aqui "
    "coisa objeto ainda velho grande vem favor pode"
)
_DUTCH = (
    "wat is dit dat deze die waar wie wanneer hoe waarom welke welk werd werden genomen gemaakt foto foto's "
    "afbeelding afbeeldingen plaatje beeld zoek zoeken vind vinden toon toont laat zien beschrijf beschrijven leg "
    "uit vertel vertellen me mij meer over andere ander vergelijkbare soortgelijke gelijkaardige lijken lijkt "
    "zelfde dezelfde hetzelfde soort type op van de het een en of in met voor aan er staat ziet zie je ik we hier "
    "heet naam ding voorwerp nog oud groot komt vandaan kun kunt alstublieft"
)
_RUSSIAN = (
    "что это этот эта эти кто где когда как какой какая какое какие почему был была было были сделано сделана "
    "снято снята фото фотография фотографии фотографию снимок картинка картинке картинки изображение изображении "
    "изображения найди найти покажи показать опиши описать объясни расскажи скажи мне больше ещё еще о об на в и "
    "или с у за похожие похожее похожую похожий такой такая такое такие же тот самый вид тип другие другой "
    "находится изображено называется пожалуйста можешь здесь тут вещь"
)
_EMPTY = STOPWORDS.union(
    *(words.split() for words in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE, _DUTCH, _RUSSIAN))
)
_FIRST_UNSPACED = "\u0600"
"""Arabic, whose particles join the word, and the scripts of East Asia, without spaces: there phrases are taken out."""
_UNSPACED_PHRASES = (
    "这是什么|這是什麼|这个|這個|那个|里|裡|是什么|什么|什麼|哪里|哪裡|哪儿|在哪|谁|誰|怎么|何时|时候|為什麼|为什么|拍摄|拍攝|拍的|拍|"
    "图片|圖片|照片|图像|圖像|图中|图|圖|相片|找到|查找|寻找|找|搜索|类似|類似|相似|同样|一样|更多|关于|關於|告诉我|告訴我|介绍|描述|"
    "说明|解释|请|請|一下|的|了|吗|嗎|呢|和|与|在|是|我|你|它|这|這|那|张|張|些|有|"
    "これは何ですか|これは|これ|この|その|それ|写真|画像|何ですか|何|なに|どこ|いつ|だれ|誰|なぜ|どんな|撮影|撮られ|撮った|された|されました|"
    "似た|似ている|同じ|類似の|探して|見つけて|見せて|教えて|説明して|について|もっと|詳しく|ください|ですか|です|ます|ました|ました|か|は|"
    "が|の|を|に|で|と|も|て|た|"
    "이것은|이것|이거|이|그|무엇입니까|무엇|뭐예요|뭐야|뭐|어디|언제|누구|왜|사진|이미지|그림|찍은|찍었|비슷한|같은|찾아|보여|설명|알려|"
    "주세요|줘|더|에|대해|에서|은|는|을|를|가|인가요|입니까|나요|까요|요|"
    "ما هذا|ما هذه|ما|هذا|هذه|من|أين|متى|كيف|صورة|الصورة|صور|مشابهة|ابحث عن|ابحث|أخبرني|المزيد|عن|التقطت|تم|في|و"
)
_UNSPACED = re.compile("|".join(sorted(_UNSPACED_PHRASES.split("|"), key=len, reverse=True)))
"""Longest first: an alternation takes the first that fits, and 在 would hide 在哪里."""


def carried(text: str) -> str:
    """The words that say something of their own, in order, as written; empty where the text only points.

    >>> carried("What is this, and where was it taken?")
    ''
    >>> carried("the same kind of car, but in a museum")
    'car museum'
    """
    kept = []
    for word in _WORD.findall(text.replace("’", "'")):
        if word.casefold() in _EMPTY or (len(word) == 1 and word.isascii()):
            continue
        if word[0] >= _FIRST_UNSPACED and not _UNSPACED.sub("", word):
            continue
        kept.append(word)
    return " ".join(kept)
