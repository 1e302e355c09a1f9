"""What mail programs write around quotes and signatures, in the languages we meet. Facts about programs, nothing else.

Patterns run on one line each, a few hundred characters at most, and have no nested repetition.
"""

from __future__ import annotations

import re

_ANY = re.IGNORECASE

# The verb of the line that introduces a quote: "On … Ana wrote:", "Am … schrieb Ana:".
WROTE = re.compile(
    r"\b(?:wrote|writes|said|schrieb|geschrieben|schreibt|écrit|ecrit|écrivait|escribió|escribio|escribe|escrito|scritto"
    r"|scrive|schreef|schrijft|napisał|napisała|napisał\(a\)|pisze|escreveu|escreve|написал|написала|написал\(а\)"
    r"|пишет|писал|писала|skrev|skrevet|kirjoitti|napsal|napsala|yazdı|írta|scris|έγραψε|пише|viết)\b"
    r"|書きました|書いた|のメール|のメッセージ|からのメール|写道|寫道|작성|wrote\s*:",
    _ANY,
)
DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{4}年|\b\d{1,2}\.? ?(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul"
    r"|aug|sep|o[ck]t|nov|de[cz])[a-zé]*\.?\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b",
    _ANY,
)
CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
EMAIL = re.compile(r"[^\s<>()\[\]:;,\"]{1,64}@[^\s<>()\[\]:;,\"]{1,200}")
# How such a line begins where nothing but words follows it.
LEADS = (
    *("on ", "am ", "den ", "der ", "le ", "el ", "il ", "in data ", "op ", "w dniu ", "dnia ", "em ", "no dia ", "a "),
    *("at ", "vom ", "dne ", "pada ", "vào ", "à ", "mon", "tue", "wed", "thu", "fri", "sat", "sun"),
)

_LABELS = {
    "from": "from|von|de|da|van|od|от|от кого|отправитель|差出人|送信者|from|fra|från|lähettäjä|kimden|feladó"
    "|发件人|寄件者|보낸 사람|expéditeur|remitente|mittente|afzender|nadawca|remetente|absender",
    "date": "sent|date|gesendet|gesendet am|datum|envoyé|envoyé le|enviado|enviado el|fecha|inviato|inviato il|data"
    "|verzonden|wysłano|wysłane|enviada em|enviado em|enviada|data de envio|отправлено|дата|送信日時|日付|日時|送信日"
    "|sendt|skickat|发送时间|날짜",
    "to": "to|an|à|a|para|aan|do|кому|宛先|til|till|收件人|받는 사람|destinataire|destinatario|empfänger",
    "cc": "cc|kopie|kopie an|копия|dw|udw|bcc|ccn|copie à|抄送",
    "subject": "subject|betreff|objet|asunto|oggetto|onderwerp|temat|assunto|тема|件名|emne|ämne|主题|主旨|제목|sujet",
    "other": "reply-to|reply to|antwort an|répondre à|importance|wichtigkeit|priorität|priority|attachments|anlagen"
    "|pièces jointes|organisation|organization|resent-from|message-id|返信先",
}
LABEL_KINDS = {label: kind for kind, labels in _LABELS.items() for label in labels.split("|")}
LABEL = re.compile(r"[>\s*_]*([^\W\d_][\w'’ -]{0,24}?)[ \u00a0]*[*_]*[:：][*_]*[ \t\u00a0]*(.*)", re.DOTALL)

_ORIGINAL = (
    "original message|original mail|original e-mail|original email|ursprüngliche nachricht|ursprüngliche e-mail"
    "|original-nachricht|originalnachricht|message d'origine|message d’origine|message original|mensaje original"
    "|messaggio originale|messaggio original|oorspronkelijk bericht|oorspronkelijke bericht|originele bericht"
    "|wiadomość oryginalna|oryginalna wiadomość|mensagem original|исходное сообщение|исходное письмо"
    "|оригинальное сообщение|元のメッセージ|original appointment|reply message|courriel original|oprindelig meddelelse"
    "|ursprungligt meddelande|original besked|původní zpráva|原始邮件|원본 메시지"
)
_DASHES = r"(?:[-_=]{2,}|—{1,})"
ORIGINAL = re.compile(rf"\s*{_DASHES}\s*(?:{_ORIGINAL})\s*:?\s*{_DASHES}\s*", _ANY)
WROTE_BETWEEN_DASHES = re.compile(r"\s*-{3,}\s?[^-].{0,150}?-{3,}\s*", _ANY)
RULE = re.compile(r"\s*(?:_{10,}|-{10,}|={10,})\s*")

_FORWARDED = (
    "forwarded message|forwarded mail|forwarded e-mail|forwarded email|weitergeleitete nachricht|weitergeleitete mail"
    "|weitergeleitete e-mail|message transféré|message transmis|message réexpédié|mensaje reenviado|messaggio inoltrato"
    "|doorgestuurd bericht|doorgestuurde bericht|wiadomość przekazana dalej|przesłana wiadomość|przekazana wiadomość"
    "|treść przekazanej wiadomości|wiadomość przekazana|mensagem encaminhada|mensagem reencaminhada"
    "|пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|переадресованное сообщение"
    "|転送メッセージ|転送されたメッセージ|forwarded by .{1,120}|weitergeleitet von .{1,120}|videresendt besked"
    "|vidarebefordrat meddelande"
)
FORWARDED = re.compile(rf"[>\s]*{_DASHES}\s*(?:{_FORWARDED})\s*:?\s*{_DASHES}\s*", _ANY)
BEGIN_FORWARDED = re.compile(
    r"[>\s*]*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail|mail)"
    r"|début du (?:message|mail|e-mail) (?:transféré|réexpédié)|inicio del mensaje reenviado|inizio messaggio inoltrato"
    r"|begin doorgestuurd bericht|początek przekazywanej wiadomości|początek wiadomości przekazanej dalej"
    r"|início da mensagem (?:encaminhada|reencaminhada)|начало (?:переадресованного|пересылаемого) сообщения"
    r"|以下は、?転送されたメッセージです)\s*[:：]?\s*",
    _ANY,
)
FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|wg|tr|rv|i|enc|doorst|pd|fs|vs|vb|转发|転送|пересл)\s*[:：]", _ANY)

_DEVICE = (
    r"(?:iphone|ipad|ipod|apple watch|mac|blackberry|galaxy|samsung|android|smartphone|handy|mobil|phone|tablet|huawei"
    r"|xiaomi|redmi|oppo|pixel|nokia|sony|xperia|htc|oneplus|motorola|outlook|yahoo|gmail|gmx|web\.de|proton|mail|spark"
    r"|telefon|teléfono|móvil|cellulare|telefoon|telefonu|telemóvel|celular|dispositivo|urządzeni|appareil|portable"
    r"|t-mobile|telekom|vodafone|orange|freenet|aol|thunderbird|hotmail|windows|мобильн|телефон)"
)
_AROUND = rf"[^,.;!?]{{0,40}}{_DEVICE}.{{0,60}}"
MOBILE = re.compile(
    r"\s*(?:"
    + "|".join(
        (
            rf"(?:sent|posted|written|composed) (?:from|via|with|using|by|on) {_AROUND}",
            r"sent from my \S+(?: \S+)?\.?",
            rf"(?:diese (?:nachricht|e-mail|mail) wurde )?(?:von|mit) (?:mein|unser|der|dem|einem)"
            rf".{{0,60}}{_DEVICE}.{{0,60}}(?:gesendet|geschickt|verschickt|verfasst).{{0,20}}",
            rf"gesendet (?:von|mit|über|aus) {_AROUND}",
            rf"von .{{0,30}}{_DEVICE}.{{0,30}} gesendet\.?",
            rf"envoyé (?:de|depuis|à partir|avec|via) {_AROUND}",
            rf"enviad[oa] (?:desde|de|do|da|a partir|con|com|via|pelo) {_AROUND}",
            rf"inviat[oa] (?:da|dal|con|tramite) {_AROUND}",
            rf"(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via) {_AROUND}",
            rf"wysłan[eyao] (?:z|ze|za pomocą|przez) {_AROUND}",
            r"отправлено (?:с|из|через) .{0,80}",
            r".{0,40}(?:iphone|ipad|android|galaxy|スマートフォン|携帯).{0,10}から送信.{0,10}",
            r"(?:get|download) outlook for .{2,40}",
            r"(?:holen|laden) sie (?:sich )?outlook für .{2,40}",
            r"outlook für .{2,60} (?:beziehen|herunterladen|holen).{0,40}",
            r"télécharge[rz] outlook pour .{2,40}",
            r"(?:obtener|obtén|descargar) outlook para .{2,40}",
            r"(?:scarica|ottieni) outlook per .{2,40}",
            r"(?:download|haal) outlook voor .{2,40}",
            r"outlook voor .{2,60} (?:downloaden|ophalen).{0,40}",
            r"pobierz (?:program )?outlook dla .{2,40}",
            r"(?:obter|baixar|obtenha) (?:o )?outlook para .{2,40}",
            r"(?:скачать|получить) outlook для .{2,40}",
            r"(?:ios|android) (?:用|版) ?の? ?outlook ?を.{2,20}",
            r"outlook for (?:ios|android|mac) ?を ?入手.{0,20}",
        )
    )
    + r")(?:\s*[(<]https?://\S{1,300}[)>])?\s*",
    _ANY,
)
# Words above a quote that say the answers stand further down, between the lines of the original.
BELOW = re.compile(
    r"\b(?:below|in-?line|in (?:red|blue|green|bold|caps)|unten|in (?:rot|blau|grün|fett)|ci-dessous|plus bas"
    r"|en (?:rouge|bleu|vert|gras)|abajo|en (?:rojo|azul|verde|negrita)|sotto|in (?:rosso|blu)|hieronder"
    r"|in het (?:rood|blauw)|poniżej|na (?:czerwono|niebiesko)|abaixo"
    r"|em (?:vermelho|azul|negrito)|ниже|красным|синим)\b|下記|以下|赤字|青字",
    _ANY,
)
SIGNATURE = re.compile(r"--[ \u00a0]?")
