# ruff: noqa: E501
"""Answers to our mails as each big program writes them, in ten languages. The new words are all that may be left."""

from __future__ import annotations

from tests.corpus.mails.case import Case, both, mail, page

D = "Fairfield Desk <desk@fairfield.example>"
E = "desk@fairfield.example"

NEW = {
    "en": "Thank you, but it still does not work.\n\nThe page says “Error 500” when I press Save.",
    "de": "Danke, aber es geht immer noch nicht.\n\nDie Seite zeigt „Fehler 500“, wenn ich auf Speichern drücke. Grüße",
    "fr": "Merci, mais ça ne marche toujours pas.\n\nLa page affiche « Erreur 500 » après l’enregistrement.",
    "es": "Gracias, pero todavía no funciona.\n\n¿La página muestra «Error 500» cuando pulso Guardar? Sí.",
    "it": "Grazie, ma non funziona ancora.\n\nLa pagina mostra «Errore 500» quando premo Salva. È così.",
    "nl": "Bedankt, maar het werkt nog steeds niet.\n\nDe pagina toont ‘Fout 500’ als ik op Opslaan druk.",
    "pl": "Dziękuję, ale nadal nie działa.\n\nStrona pokazuje „Błąd 500”, gdy naciskam Zapisz.",
    "pt": "Obrigada, mas ainda não funciona.\n\nA página mostra “Erro 500” quando carrego em Guardar.",
    "ru": "Спасибо, но всё ещё не работает.\n\nСтраница показывает «Ошибка 500», когда я нажимаю «Сохранить».",
    "ja": "ありがとうございます。まだ動きません。\n\n保存を押すと「エラー500」と表示されます。",
}
OLD = (
    "Hello Ana,\n\nwe looked into your report. Please try again and tell us what you see.\n\n"
    "You hear from us by Thursday, 10:00.\n\nDora"
)

GMAIL = {
    "en": f"On Wed, Jun 5, 2024 at 10:00 AM {D} wrote:",
    "de": f"Am Mi., 5. Juni 2024 um 10:00 Uhr schrieb {D}:",
    "fr": f"Le mer. 5 juin 2024 à 10:00, {D} a écrit :",
    "es": f"El mié, 5 jun 2024 a las 10:00, Fairfield Desk (<{E}>) escribió:",
    "it": f"Il giorno mer 5 giu 2024 alle ore 10:00 {D} ha scritto:",
    "nl": f"Op wo 5 jun 2024 om 10:00 schreef {D}:",
    "pl": f"śr., 5 cze 2024 o 10:00 {D} napisał(a):",
    "pt": f"Em qua., 5 de jun. de 2024 às 10:00, {D} escreveu:",
    "ru": f"ср, 5 июн. 2024 г. в 10:00, {D}:",
    "ja": f"2024年6月5日(水) 10:00 {D}:",
}
APPLE = {
    "en": f"On 5. Jun 2024, at 10:00, {D} wrote:",
    "de": f"Am 05.06.2024 um 10:00 schrieb {D}:",
    "fr": f"Le 5 juin 2024 à 10:00, {D} a écrit :",
    "es": f"El 5 jun 2024, a las 10:00, {D} escribió:",
    "it": f"Il giorno 5 giu 2024, alle ore 10:00, {D} ha scritto:",
    "nl": f"Op 5 jun 2024, om 10:00 heeft {D} het volgende geschreven:",
    "pl": f"Wiadomość napisana przez {D} w dniu 5 cze 2024, o godz. 10:00:",
    "pt": f"No dia 05/06/2024, às 10:00, {D} escreveu:",
    "ru": f"5 июня 2024 г., в 10:00, {D} написал(а):",
    "ja": f"2024/06/05 10:00、{D}のメール:",
}
THUNDERBIRD = {
    "en": "On 05/06/2024 10:00, Fairfield Desk wrote:",
    "de": "Am 05.06.24 um 10:00 schrieb Fairfield Desk:",
    "fr": "Le 05/06/2024 à 10:00, Fairfield Desk a écrit :",
    "es": "El 05/06/2024 a las 10:00, Fairfield Desk escribió:",
    "it": "Il 05/06/2024 10:00, Fairfield Desk ha scritto:",
    "nl": "Op 05-06-2024 om 10:00 schreef Fairfield Desk:",
    "pl": "W dniu 5.06.2024 o 10:00, Fairfield Desk pisze:",
    "pt": "Às 10:00 de 05/06/2024, Fairfield Desk escreveu:",
    "ru": "05.06.2024 10:00, Fairfield Desk пишет:",
    "ja": "On 2024/06/05 10:00, Fairfield Desk wrote:",
}
OUTLOOK = {
    "en": ("From:", "Sent:", "To:", "Subject:", "Wednesday, June 5, 2024 10:00 AM", "Original Message"),
    "de": ("Von:", "Gesendet:", "An:", "Betreff:", "Mittwoch, 5. Juni 2024 10:00", "Ursprüngliche Nachricht"),
    "fr": ("De :", "Envoyé :", "À :", "Objet :", "mercredi 5 juin 2024 10:00", "Message d'origine"),
    "es": ("De:", "Enviado el:", "Para:", "Asunto:", "miércoles, 5 de junio de 2024 10:00", "Mensaje original"),
    "it": ("Da:", "Inviato:", "A:", "Oggetto:", "mercoledì 5 giugno 2024 10:00", "Messaggio originale"),
    "nl": ("Van:", "Verzonden:", "Aan:", "Onderwerp:", "woensdag 5 juni 2024 10:00", "Oorspronkelijk bericht"),
    "pl": ("Od:", "Wysłano:", "Do:", "Temat:", "środa, 5 czerwca 2024 10:00", "Wiadomość oryginalna"),
    "pt": ("De:", "Enviada em:", "Para:", "Assunto:", "quarta-feira, 5 de junho de 2024 10:00", "Mensagem original"),
    "ru": ("От:", "Отправлено:", "Кому:", "Тема:", "5 июня 2024 г. 10:00", "Исходное сообщение"),
    "ja": ("差出人:", "送信日時:", "宛先:", "件名:", "2024年6月5日 10:00", "元のメッセージ"),
}
SENT_FROM = {
    "en": "Sent from my iPhone",
    "de": "Von meinem iPhone gesendet",
    "fr": "Envoyé de mon iPhone",
    "es": "Enviado desde mi iPhone",
    "it": "Inviato da iPhone",
    "nl": "Verstuurd vanaf mijn iPhone",
    "pl": "Wysłane z iPhone'a",
    "pt": "Enviado do meu iPhone",
    "ru": "Отправлено с iPhone",
    "ja": "iPhoneから送信",
}
OUTLOOK_APP = {
    "en": "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "de": "Holen Sie sich Outlook für Android<https://aka.ms/AAb9ysg>",
    "fr": "Télécharger Outlook pour Android<https://aka.ms/AAb9ysg>",
    "es": "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
    "it": "Scarica Outlook per Android<https://aka.ms/AAb9ysg>",
    "nl": "Outlook voor iOS downloaden<https://aka.ms/o0ukef>",
    "pl": "Pobierz program Outlook dla systemu Android<https://aka.ms/AAb9ysg>",
    "pt": "Obter o Outlook para Android<https://aka.ms/AAb9ysg>",
    "ru": "Скачать Outlook для iOS<https://aka.ms/o0ukef>",
    "ja": "Outlook for iOS を入手<https://aka.ms/o0ukef>",
}
SAMSUNG = {
    "en": "Sent from my Galaxy",
    "de": "Von meinem/meiner Galaxy gesendet",
    "fr": "Envoyé depuis mon appareil Galaxy",
    "es": "Enviado desde mi Galaxy",
    "it": "Inviato dal mio Galaxy",
    "nl": "Verzonden vanaf mijn Galaxy",
    "pl": "Wysłano z mojego urządzenia Galaxy",
    "pt": "Enviado do meu Galaxy",
    "ru": "Отправлено с моего Galaxy",
    "ja": "Galaxyから送信",
}
YAHOO = {
    "en": f"On Wednesday, June 5, 2024 at 10:00:00 AM GMT+2, {D} wrote:",
    "de": f"Am Mittwoch, 5. Juni 2024 um 10:00:00 MESZ hat {D} Folgendes geschrieben:",
    "fr": f"Le mercredi 5 juin 2024 à 10:00:00 UTC+2, {D} a écrit :",
    "es": f"El miércoles, 5 de junio de 2024, 10:00:00 CEST, {D} escribió:",
    "it": f"Il mercoledì 5 giugno 2024 alle ore 10:00:00 CEST, {D} ha scritto:",
    "pt": f"Em quarta-feira, 5 de junho de 2024 às 10:00:00 BRT, {D} escreveu:",
}
PROTON = {
    "en": f"On Wednesday, June 5th, 2024 at 10:00 AM, {D} wrote:",
    "de": f"Am Mittwoch, 5. Juni 2024 um 10:00 schrieb {D}:",
    "fr": f"Le mercredi 5 juin 2024 à 10:00, {D} a écrit :",
}


def quoted(text: str, sign: str = "> ") -> str:
    return "\n".join((sign + line).rstrip() for line in text.split("\n"))


def paragraphs(text: str, tag: str = "div") -> str:
    return "".join(f"<{tag}>{line or '<br>'}</{tag}>" for line in text.split("\n"))


def broken(line: str, at: int = 72) -> str:
    """As programs break long lines: at a space, also inside the address."""
    if len(line) <= at:
        return line
    place = line.rfind(" ", 0, at)
    return line if place <= 0 else line[:place] + "\n" + line[place + 1 :]


def _case(client: str, language: str, raw: bytes) -> Case:
    return Case(f"{client} {language}", raw, {"body": NEW[language], "language": language, "machine": ""})


def gmail(language: str) -> bytes:
    new, says = NEW[language], GMAIL[language]
    shown = says.replace("<", "&lt;").replace(">", "&gt;")
    text = f"{new}\n\n{broken(says)}\n\n{quoted(OLD)}\n"
    html = (
        f'<div dir="ltr">{paragraphs(new)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{shown}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">'
        f"{paragraphs(OLD)}</blockquote></div>"
    )
    return both(text, html)


def gmail_html_only(language: str) -> bytes:
    shown = GMAIL[language].replace("<", "&lt;").replace(">", "&gt;")
    return page(
        f'<div dir="ltr">{paragraphs(NEW[language])}</div><br><div class="gmail_quote"><div class="gmail_attr">{shown}<br>'
        f'</div><blockquote class="gmail_quote">{paragraphs(OLD)}</blockquote></div>'
    )


def apple(language: str) -> bytes:
    new, says = NEW[language], APPLE[language]
    shown = says.replace("<", "&lt;").replace(">", "&gt;")
    text = (
        f"{new}\n\n> {says}\n> \n{quoted(OLD)}\n"
        if language == "ja"
        else f"{new}\n\n{broken(says, 60)}\n\n{quoted(OLD)}\n"
    )
    html = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">'
        f'{paragraphs(new)}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{shown}</div>'
        f'<br class="Apple-interchange-newline"><div>{paragraphs(OLD)}</div></blockquote></div><br></body></html>'
    )
    return both(text, html)


def iphone(language: str) -> bytes:
    text = f"{NEW[language]}\n\n{SENT_FROM[language]}\n\n> {APPLE[language]}\n> \n{quoted(OLD, '> ')}\n"
    return mail(text, "X-Mailer: iPhone Mail (21F79)")


def thunderbird(language: str) -> bytes:
    text = f"{NEW[language]}\n\n{THUNDERBIRD[language]}\n{quoted(OLD)}\n\n-- \nAna Novak\nTel. 0123 456\n"
    return mail(text, "User-Agent: Mozilla Thunderbird")


def thunderbird_html(language: str) -> bytes:
    return page(
        f'<html><body><p>{NEW[language].replace(chr(10) * 2, "</p><p>")}</p><div class="moz-cite-prefix">'
        f'{THUNDERBIRD[language]}<br></div><blockquote type="cite" cite="mid:x@y"><p>{OLD}</p></blockquote>'
        f'<div class="moz-signature">-- <br>Ana Novak</div></body></html>'
    )


def outlook_block(language: str, *, bold: bool = False) -> str:
    who, when, to, subject, moment, _name = OUTLOOK[language]
    labels = [(who, D), (when, moment), (to, "Ana Novak"), (subject, "Your report [MG-17]")]
    return "\n".join(f"*{label}* {value}" if bold else f"{label} {value}" for label, value in labels)


def outlook(language: str) -> bytes:
    text = f"{NEW[language]}\n\n{outlook_block(language)}\n\n{OLD}\n"
    rows = outlook_block(language).replace("<", "&lt;").replace(">", "&gt;").split("\n")
    lines = "<br>".join(f"<b>{row.partition(':')[0]}:</b>{row.partition(':')[2]}" for row in rows)
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body>'
        f'<div class="WordSection1">{paragraphs(NEW[language], "p")}<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
        f"{lines}<o:p></o:p></p></div></div>{paragraphs(OLD, 'p')}</div></body></html>"
    )
    return both(text, html)


def outlook_old(language: str) -> bytes:
    text = f"{NEW[language]}\n\n-----{OUTLOOK[language][5]}-----\n{outlook_block(language)}\n\n{OLD}\n"
    return mail(text, "X-Mailer: Microsoft Outlook 16.0")


def outlook_web(language: str) -> bytes:
    text = f"{NEW[language]}\n________________________________\n{outlook_block(language)}\n\n{OLD}\n"
    rows = outlook_block(language).replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    html = (
        f'<div class="elementToProof">{paragraphs(NEW[language])}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font>{rows}</font><div>&nbsp;</div>'
        f"</div><div>{paragraphs(OLD)}</div>"
    )
    return both(text, html)


def outlook_app(language: str) -> bytes:
    text = f"{NEW[language]}\n\n{OUTLOOK_APP[language]}\n________________________________\n{outlook_block(language)}\n\n{OLD}\n"
    return mail(text)


def samsung(language: str) -> bytes:
    word = OUTLOOK[language][5]
    text = (
        f"{NEW[language]}\n\n\n{SAMSUNG[language]}\n\n\n-------- {word} --------\n{outlook_block(language)}\n\n{OLD}\n"
    )
    return mail(text)


def yahoo(language: str) -> bytes:
    text = f"{NEW[language]}\n\n    {YAHOO[language]}  \n \n {OLD}  \n"
    shown = YAHOO[language].replace("<", "&lt;").replace(">", "&gt;")
    html = (
        f'<div class="ydp1 yahoo-style-wrap">{paragraphs(NEW[language])}</div><div id="yahoo_quoted_1" class="yahoo_quoted">'
        f"<div><div>{shown}</div><div><br></div>{paragraphs(OLD)}</div></div>"
    )
    return both(text, html)


def proton(language: str) -> bytes:
    text = f"{NEW[language]}\n\nSent with Proton Mail secure email.\n\n{PROTON[language]}\n\n{quoted(OLD)}\n"
    shown = PROTON[language].replace("<", "&lt;").replace(">", "&gt;")
    html = (
        f'<div style="font-family: Arial">{paragraphs(NEW[language])}</div><div class="protonmail_signature_block">'
        f'<div class="protonmail_signature_block-proton">Sent with <a href="https://proton.me/mail/home">Proton Mail</a>'
        f' secure email.</div></div><div class="protonmail_quote">{shown}<br><blockquote class="protonmail_quote" type="cite">'
        f"{paragraphs(OLD)}</blockquote></div>"
    )
    return both(text, html)


GMX = (
    f'<html><body><div>{paragraphs(NEW["de"])}<div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px; padding: '
    '10px 0 10px 10px; border-left:2px solid #C3D9E5;"><div style="margin:0 0 10px 0;"><b>Gesendet:</b>&nbsp;Mittwoch, 05.'
    f' Juni 2024 um 10:00 Uhr<br/><b>Von:</b>&nbsp;"Fairfield Desk" &lt;{E}&gt;<br/><b>An:</b>&nbsp;ana@example.org<br/>'
    f'<b>Betreff:</b>&nbsp;Your report</div><div name="quoted-content">{paragraphs(OLD)}</div></div></div></div></body></html>'
)
WEB_DE_APP = (
    f"{NEW['de']}\n-- \nDiese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.\n"
    f"Am 05.06.24, 10:00 schrieb Fairfield Desk <{E}>:\n\n{quoted(OLD)}\n"
)
GMX_TEXT = (
    f'{NEW["de"]}\n\nGesendet: Mittwoch, 05. Juni 2024 um 10:00 Uhr\nVon: "Fairfield Desk" <{E}>\n'
    f"An: ana@example.org\nBetreff: Your report [MG-17]\n\n{OLD}\n"
)

REPLIES: list[Case] = [
    *(_case("Gmail", language, gmail(language)) for language in NEW),
    *(_case("Gmail, HTML only,", language, gmail_html_only(language)) for language in NEW),
    *(_case("Apple Mail", language, apple(language)) for language in NEW),
    *(_case("iPhone", language, iphone(language)) for language in NEW),
    *(_case("Thunderbird", language, thunderbird(language)) for language in NEW),
    *(_case("Thunderbird, HTML only,", language, thunderbird_html(language)) for language in NEW),
    *(_case("Outlook", language, outlook(language)) for language in NEW),
    *(_case("Outlook with a separator", language, outlook_old(language)) for language in NEW),
    *(_case("Outlook on the web", language, outlook_web(language)) for language in NEW),
    *(_case("Outlook app", language, outlook_app(language)) for language in NEW),
    *(_case("Samsung", language, samsung(language)) for language in NEW),
    *(_case("Yahoo", language, yahoo(language)) for language in YAHOO),
    *(_case("Proton", language, proton(language)) for language in PROTON),
    _case("GMX", "de", page(GMX)),
    _case("GMX, text,", "de", mail(GMX_TEXT)),
    _case("WEB.DE app", "de", mail(WEB_DE_APP)),
]
