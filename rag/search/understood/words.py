"""The words by which questions speak of files, in English, German, French and Spanish, without accents. Data.

Dates in Italian, Portuguese and Dutch are read too: their months and small words collide with nothing else here.
"""

from __future__ import annotations

from collections.abc import Mapping

MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january januar janner janvier enero gennaio janeiro januari jan",
            "february februar feber fevrier febrero febbraio fevereiro februari feb",
            "march marz mars marzo marco maart",
            "april avril abril aprile apr",
            "may mai mayo maggio maio mei",
            "june juni juin junio giugno junho jun",
            "july juli juillet julio luglio julho jul",
            "august aout agosto augustus aug",
            "september septembre septiembre settembre setembro sept sep",
            "october oktober octobre octubre ottobre outubro oct okt",
            "november novembre noviembre novembro nov",
            "december dezember decembre diciembre dicembre dezembro dec dez",
        ),
        start=1,
    )
    for name in names.split()
}
ALSO_NAMES = frozenset("may march april june august mai mars marco mei jan".split())
"""Months that are other words or people, too: without a year they need a capital letter and a word before them."""
SEASONS: Mapping[str, tuple[int, int]] = {
    name: months
    for months, names in {
        (3, 5): "spring fruhling fruhjahr printemps primavera",
        (6, 8): "summer sommer ete verano estate verao zomer",
        (9, 11): "autumn fall herbst automne otono autunno outono herfst",
        (12, 14): "winter hiver invierno inverno",
    }.items()
    for name in names.split()
}
"""First and last month; 13 and 14 are of the next year."""
UNITS: Mapping[str, str] = {
    **dict.fromkeys("day days tag tage tagen jour jours dia dias".split(), "day"),
    **dict.fromkeys("week weeks woche wochen semaine semaines semana semanas".split(), "week"),
    **dict.fromkeys("month months monat monate monaten mois mes meses".split(), "month"),
    **dict.fromkeys("year years jahr jahre jahren annee annees an ans ano anos".split(), "year"),
}
LAST = frozenset("last past letzte letzten letzter letztes letztem vergangenen dernier derniere derniers dernieres "
                 "pasado pasada pasados pasadas ultimo ultima ultimos ultimas previous".split())  # fmt: skip
THIS = frozenset("this diesen dieser dieses diesem diese cet cette ce este esta".split())
AGO = frozenset("ago hace".split())
YESTERDAY: Mapping[str, int] = {
    **dict.fromkeys("yesterday gestern hier ayer ieri ontem gisteren".split(), 1),
    **dict.fromkeys("today heute hoy oggi hoje vandaag".split(), 0),
}
"""Days ago. `hier` means `here` in German: it counts with another word of French alone."""
NUMBERS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "one ein eine einen une un una", "two zwei deux dos", "three drei trois tres", "four vier quatre cuatro",
            "five funf cinq cinco", "six sechs seis", "seven sieben sept siete", "eight acht huit ocho",
            "nine neun neuf nueve", "ten zehn dix diez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

ARTICLES = frozenset("the a an das der die den dem des le la les l un une el los las de del d o os as il gli het "
                     "year jahr jahre annee ano summer".split()) - {"summer"}  # fmt: skip
IN = frozenset("in im on from of at during dated vom von aus am en au aux dans du de del d a durante pendant wahrend "
               "datant em no na uit".split())  # fmt: skip
SINCE = frozenset("since seit depuis desde ab from sinds dal".split()) - {"from"}
AFTER = frozenset("after nach apres despues dopo depois na later newer younger".split()) - {"na"}
BEFORE = frozenset("before vor avant antes prima voor earlier older".split())
UNTIL = frozenset("until till bis jusqu jusque hasta through fino ate tot".split())
BETWEEN = frozenset("between zwischen entre tra tussen".split())
FROM = frozenset("from von vom de du desde da".split())
TO = frozenset("to until till bis a au hasta through".split())
AND = frozenset("and und et y e en".split())
NOT = frozenset("not except without besides excluding nicht ohne ausser keine sauf sans pas hormis excepto sin no "
                "salvo isn wasn aren".split())  # fmt: skip

IMAGES = frozenset("photo photos photograph photographs picture pictures pic pics image images snapshot snapshots "
                   "snaps schnappschuss schnappschusse foto fotos fotografie fotografien bild bilder bildern "
                   "aufnahme aufnahmen photographie "
                   "photographies cliche cliches fotografia fotografias imagen imagenes immagini".split())  # fmt: skip
DOCUMENTS = frozenset("anything something everything document documents file files dokument dokumente dokumenten "
                      "datei dateien fichier fichiers "
                      "documento documentos archivo archivos".split())  # fmt: skip
TEXTS = frozenset("text texts texte texten textes texto textos report reports bericht berichte berichten rapport "
                  "rapports informe informes letter letters brief briefe lettre lettres carta cartas article "
                  "articles artikel articulo articulos paper papers memo memos note notes notiz notizen nota notas "
                  "minutes protokoll protokolle invoice invoices rechnung rechnungen facture factures factura "
                  "facturas contract contracts vertrag vertrage contrat contrats contrato contratos manual manuals "
                  "handbuch handbucher manuel manuels study studies studie studien etude etudes estudio estudios "
                  "newsletter newsletters essay essays post posts book books buch bucher livre livres libro "
                  "libros".split())  # fmt: skip
"""What documents are called by what they are: part of what is looked for, and no kind of file."""
FILES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys("pdf pdfs".split(), ("pdf",)),
    **dict.fromkeys(
        "slides slide slideshow slideshows presentation presentations powerpoint powerpoints deck decks folie folien "
        "prasentation prasentationen diapositive diapositives diapos diapositiva diapositivas presentacion "
        "presentaciones pptx".split(),
        ("pptx", "ppt", "pptm", "ppsx", "pps", "odp", "key"),
    ),
    **dict.fromkeys(
        "spreadsheet spreadsheets excel tabelle tabellen tabellenblatt tableur tableurs xlsx hoja hojas".split(),
        ("xlsx", "xls", "xlsm", "xlsb", "ods", "csv", "tsv"),
    ),
    **dict.fromkeys("docx".split(), ("docx", "doc")),
    **dict.fromkeys("email emails mail mails courriel courriels correo correos".split(), ("eml", "msg", "mbox")),
    **dict.fromkeys("webpage webpages webseite webseiten".split(), ("html", "htm", "mhtml", "xhtml")),
    **dict.fromkeys("ebook ebooks".split(), ("epub",)),
    **dict.fromkeys("notebook notebooks".split(), ("ipynb",)),
}
"""File name endings by what people call such files."""
KINDS = IMAGES | DOCUMENTS | TEXTS
"""Nouns of files of which there need not be any certain kind."""

LEADS = frozenset(
    "show me find list give get search display see all any every each the some which what who whose are is were was "
    "there do does did we you i have has had can could please hey ok of our my your these those many how number count "
    "total want need look looking for us in it m re ve hi hello got own every of back if "
    "habt zeig zeige zeigt mir uns such suche finde liste gib alle alles welche welcher welches welchen was wer wie "
    "viele "
    "viel gibt es sind ist wurden wurde haben hast du ihr bitte die der das den dem unsere meine deine anzahl ich "
    "suchen nach "
    "je cherche montre montrez moi nous trouve trouvez cherche liste affiche donne toutes tous les le la l des "
    "quelles quels "
    "quelle quel qui que qu est ce combien de d y il a t ont sont ete as avez avons nos mes vos nombre je veux un une "
    "muestra muestrame ensena ensename busca buscar encuentra lista dame todas todos las los el la que cuales cual "
    "quien cuantas cuantos cuanta hay son fueron tenemos tienes nuestras mis tus numero por favor quiero ver un "
    "una".split()
)
"""What may stand before the word that says what is wanted."""
MADE = frozenset("taken took shot captured photographed written wrote write published publish made created authored "
                 "posted sent drawn painted composed signed edited used "
                 "aufgenommen fotografiert geschossen gemacht geschrieben schrieb schreiben verfasst verfasste "
                 "veroffentlicht erstellt entstanden gesendet "
                 "prise prises pris photographie photographiee photographiees ecrit ecrits ecrite ecrites ecrire "
                 "redige rediges publie publies publiee publiees faites faite cree crees signe signes envoye envoyes "
                 "tomada tomadas hecha hechas hecho sacada sacadas fotografiado escrito escritos escrita escritas "
                 "escribio escribir publicado publicados publico creado creados firmado enviado redactado "
                 "redactados".split())  # fmt: skip
"""What is done to files."""
WROTE = frozenset("wrote write written writes publish published author authored schrieb geschrieben schreiben verfasst "
                  "verfasste veroffentlicht ecrit ecrire redige publie escribio escribir escrito publico publicado "
                  "take took photograph photographed shoot shot fotografiert aufgenommen photographie fotografio "
                  "tomo hizo signed shoot gemacht prise prises pris made make create created sent "
                  "send".split())  # fmt: skip
"""Of these, what its author is the subject of: `What did Nell Abney write?`"""
PUBLISHED = frozenset("published publish veroffentlicht publie publies publiee publiees publicado publicados "
                      "publico".split())  # fmt: skip
MODIFIED = frozenset("modified changed updated edited geandert bearbeitet aktualisiert modifie modifies modifiee mis "
                     "modificado modificados actualizado actualizados cambiado".split())  # fmt: skip
BY = frozenset("by von par por".split())
WITH = frozenset("with mit avec con using".split())
FOLDERS = frozenset("folder folders directory subfolder ordner verzeichnis dossier dossiers repertoire carpeta "
                    "carpetas directorio".split())  # fmt: skip
TAGGED = frozenset("tagged tag tags keyword keywords labelled labeled label stichwort stichwortern schlagwort "
                   "schlagwortern getaggt mot mots cle cles etiquete etiquetees etiqueta etiquetas etiquetadas palabra "
                   "clave".split())  # fmt: skip
STARS = frozenset("star stars stern sterne sternen etoile etoiles estrella estrellas".split())
CAMERAS = frozenset("camera cameras kamera kameras appareil appareils camara camaras".split())
AT_LEAST = frozenset("better least more above over mindestens besser moins mas menos minimum minimo plus up".split())
