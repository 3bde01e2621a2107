"""What people call the columns of caption tables, in the languages that they write."""

from __future__ import annotations

PICTURE_WORDS = frozenset(
    """
    image images img picture photo file filename path filepath photograph
    bild bilder foto datei dateiname pfad fichier nom imagen archivo fichero immagine imagem arquivo ficheiro
    afbeelding
    bestand bildfil plik obraz zdjęcie soubor obrázek kép fájl файл фото изображение картинка dosya resim görsel
    图片 图像 图 照片 文件 文件名 圖片 檔案 檔名 画像 写真 ファイル ファイル名 이미지 사진 파일 파일명 صورة ملف
    תמונה קובץ ảnh hình รูปภาพ
    """.split()
)
"""Columns that name the picture."""

CAPTION_WORDS = frozenset(
    """
    caption captions title headline description desc alt alttext text summary comment comments sentence sentences
    abstract legend
    beschriftung bildunterschrift titel beschreibung bildtext überschrift kommentar
    légende legende titre description descriptif commentaire texte résumé
    título titulo leyenda descripción descripcion comentario pie texto resumen legenda descrição descricao
    comentário
    titolo didascalia descrizione commento testo bijschrift onderschrift omschrijving beschrijving
    rubrik beskrivning bildbeskrivning beskrivelse billedtekst tekst kuvateksti kuvaus otsikko
    tytuł podpis opis název popis popisek cím képaláírás leírás titlu descriere
    подпись описание название заголовок комментарий опис назва підпис надпис заглавие
    başlık açıklama altyazı λεζάντα περιγραφή τίτλος
    标题 题注 说明 描述 文字 图注 標題 說明 圖說 説明 キャプション タイトル 題名 見出し 解説 本文 캡션 설명 제목
    내용
    عنوان وصف تعليق شرح כותרת תיאור chú_thích tiêu_đề mô_tả คำบรรยาย คำอธิบาย ชื่อเรื่อง शीर्षक विवरण keterangan
    judul
    """.replace("_", "").split()
)
"""Columns with words about it."""

OTHER_WORDS = frozenset(
    """
    id ids number no num nr count length len lang language author url link date color colour size type source
    photographer camera place location city country license licence credit copyright user username email
    auteur autor autore fotograf fotografo fotógrafo photographe urheber quelle datum ort farbe größe lieu ville
    pays
    lugar fecha ciudad país data luogo local cidade plaats kleur miejsce data autor místo datum автор дата место
    город
    страна источник фотограф yazar tarih yer 作者 日期 地点 地點 时间 時間 来源 來源 撮影者 撮影日 場所 日付 著者
    작가 날짜 장소 저자 المؤلف التاريخ
    """.split()
)
"""Columns that are about it, but not its words: `author_description` is one of them."""
