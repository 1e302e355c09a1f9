# ruff: noqa: E501
"""What people do in answers that no program plans for: writing between and below quotes, quoting logs, words like quotes."""

from __future__ import annotations

from makegood.lib.mail.marker import MARKER
from tests.corpus.mails.case import Case, both, head, mail, page, plain_part
from tests.corpus.mails.replies import OLD, D, E, outlook_block, paragraphs, quoted

SAYS = f"On Wed, Jun 5, 2024 at 10:00 AM {D} wrote:"
FRAME = f"{MARKER['en']}\n\nHello Ana,\n\nwhich browser is it? When did it begin?\n\nReport MG-17: https://fairfield.example/r/abc"
FRAME_DE = f"{MARKER['de']}\n\nGuten Tag,\n\nwelcher Browser ist es?\n\nMeldung MG-17"


def body(name: str, text: str, expected: str, *lines: str, subject: str = "Re: Your report [MG-17]") -> Case:
    return Case(name, mail(text, *lines, subject=subject), {"body": expected})


INTERLEAVED = (
    f"Hi Dora,\n\n{SAYS}\n> Which browser is it?\n\nFirefox 128.\n\n> When did it begin?\n\nOn Monday morning.\n\n"
    "> Do you see a message?\n\nYes: Error 500.\n\nAna\n\n> Thank you\n> Dora\n"
)
INTERLEAVED_KEPT = (
    "Hi Dora,\n\n> Which browser is it?\n\nFirefox 128.\n\n> When did it begin?\n\nOn Monday morning.\n\n"
    "> Do you see a message?\n\nYes: Error 500.\n\nAna"
)
LONG_QUESTION = "\n".join(f"> Line {n} of a long mail that nobody shortened." for n in range(40))
WRAPPED = (
    f"Works now, thank you!\n\n{SAYS}\n"
    "> we looked into your report and found that the page asks the wrong server\n"
    "for profiles.\n"
    "> Please try again and tell us what you see, in which browser, and what the\n"
    "page said.\n"
    "> Dora\n"
)
LOG = "The console shows this:\n\n> GET /profile 500\n> at save (app.js:10)\n\nCan you see why?"
FIELDS = (
    "From: where do I get the form?\nI filled in these:\n\nName: Ana\nDate: 5 June\nTo: Dr. Who\n\nand then it failed."
)
ABOUT = "This mail never arrived:\n\nFrom: ana@example.org\nTo: ben@example.org\nSubject: test\n\nWhy?"
WROTE = "On Monday the page wrote:\n\nError 500, please call us.\n\nWhat does that mean?"
DASHES = "Steps:\n--\n1. open the page\n2. press Save\n3. wait\n4. see the error\n5. reload\n6. same\n7. again\n8. same\n9. stop\n10. cry"

PEOPLE: list[Case] = [
    body("answers between the questions keep them", INTERLEAVED, INTERLEAVED_KEPT),
    body("an answer below the whole quote", f"{SAYS}\n\n{quoted(OLD)}\n\nNo, it still fails.\n", "No, it still fails."),
    body(
        "words above and below the quote",
        f"Hello,\n\n{SAYS}\n\n{quoted(OLD)}\n\nNo, it still fails.\nAna\n",
        "Hello,\n\nNo, it still fails.\nAna",
    ),
    body("a question quoted by hand", "> Which browser?\n\nFirefox.\n", "> Which browser?\n\nFirefox."),
    Case(
        "a long quote above an answer is shortened",
        mail(f"> Hello\n\nHi!\n\n{LONG_QUESTION}\n\nYes to all of this.\n"),
        has=("Hi!", "> […]", "> Line 39", "Yes to all"),
        lacks=("Line 3 ",),
    ),
    body("lines of the quote that lost their mark", WRAPPED, "Works now, thank you!"),
    body("a log quoted by hand stays", LOG, LOG),
    body("nothing but a quoted log", "> GET /profile 500\n> at save", "> GET /profile 500\n> at save"),
    body("nothing but our own mail quoted", f"{SAYS}\n\n{quoted(OLD)}\n", ""),
    body("words that look like headers", FIELDS, FIELDS),
    body("a page that wrote something", WROTE, WROTE),
    body("a dash line that is no signature", DASHES, DASHES),
    Case(
        "answers in red within an Outlook original",
        mail(f"Hi, see my answers below in red.\n\n{outlook_block('en')}\n\nWhich browser is it? Firefox.\n"),
        has=("see my answers below", "Firefox."),
    ),
    Case(
        "answers typed into the quote itself",
        mail(f"Antworten siehe unten\n\n{SAYS}\n> Which browser is it?\n> Firefox\n"),
        has=("siehe unten", "> Firefox"),
    ),
    body("words about a mail", ABOUT, ABOUT),
    body(
        "words that begin like a telephone's signature",
        "It fails.\n\nSent from my desk, which is easier than my mobile phone.",
        "It fails.\n\nSent from my desk, which is easier than my mobile phone.",
    ),
    body(
        "Hotmail's rule above the quote",
        f"Fine.\n\n________________________________\n> Date: Wed, 5 Jun 2024\n> From: {E}\n{quoted(OLD)}",
        "Fine.",
    ),
    body("signature", "It fails.\n\n-- \nAna Novak\nAccounts\nTel. 0123\n", "It fails."),
    body("only a signature", "-- \nAna Novak\nTel. 0123", "--\nAna Novak\nTel. 0123"),
    body("a telephone's signature and nothing else", f"Sent from my iPhone\n\n> {SAYS}\n> \n{quoted(OLD)}", ""),
    body(
        "words below a telephone's signature",
        "See below\n\nSent from my iPhone\n\nP.S. It is Safari.",
        "See below\n\nSent from my iPhone\n\nP.S. It is Safari.",
    ),
    body("our line, at the top of an unquoted copy", f"Firefox 128.\n\n{FRAME}\n", "Firefox 128."),
    body(
        "our line in German under Outlook's header",
        f"Firefox.\n\nVon: {D}\nGesendet: Mittwoch, 5. Juni 2024\nAn: Ana\nBetreff: Ihre Meldung\n\n{FRAME_DE}",
        "Firefox.",
    ),
    body(
        "our line under words nobody knows",
        f"Firefox.\n\nDesk ha escrit el 5 de juny de 2024 a les 10:00 ({E}):\n\n{FRAME}",
        "Firefox.",
    ),
    body("our line within the quote", f"Firefox.\n\n{SAYS}\n\n{quoted(FRAME)}\n", "Firefox."),
    body("our line, answers only below", f"{FRAME}\n\nFirefox 128", f"{FRAME}\n\nFirefox 128"),
    Case(
        "answers between the lines of our mail",
        mail(f"{SAYS}\n{quoted(FRAME)}\n>\n> Which browser?\nFirefox.\n> When?\nMonday.\n"),
        has=("> Which browser?", "Firefox.", "> When?", "Monday."),
        lacks=(MARKER["en"],),
    ),
    body(
        "introduction broken over three lines",
        f"Fine.\n\nOn Wed, Jun 5, 2024 at 10:00 AM\nFairfield Desk\n<{E}> wrote:\n\n{quoted(OLD)}",
        "Fine.",
    ),
    body(
        "introduction with the address broken",
        f"Fine.\n\nOn Wed, Jun 5, 2024 at 10:00 AM Fairfield Desk <\n{E}> wrote:\n\n{quoted(OLD)}",
        "Fine.",
    ),
    body("introduction without a quote mark below", f"Fine.\n\nOn 05.06.2024 10:00, {D} wrote:\n\n{OLD}", "Fine."),
    body("a name alone introduces the quote", f"Fine.\n\nFairfield Desk wrote:\n{quoted(OLD)}", "Fine."),
    body(
        "German, the verb first",
        f"Geht.\n\nFairfield Desk <{E}> schrieb am Mi., 5. Juni 2024, 10:00:\n\n{quoted(OLD)}",
        "Geht.",
    ),
    body("dashes and a verb", f"Fine\n\n---- On Wed, 05 Jun 2024 10:00:00 +0200 {D} wrote ----\n\n{OLD}", "Fine"),
    body("bold labels", f"Fine\n\n{outlook_block('en', bold=True)}\n\n{OLD}", "Fine"),
    body(
        "labels with a mailto",
        f"Fine\n\nFrom: Fairfield Desk [mailto:{E}]\nSent: Wednesday, June 5, 2024 10:00\nTo: Ana Novak\nCc: ben@example.org;\n cem@example.org\nSubject: RE: Your report\n\n{OLD}",
        "Fine",
    ),
    body(
        "labels, the date first",
        f"Fine\n\nDate: Wed, 5 Jun 2024 10:00:00 +0200\nFrom: {E}\nTo: ana@example.org\nSubject: Your report\n\n{OLD}",
        "Fine",
    ),
    body("two levels of quotes", f"Third.\n\n{SAYS}\n> Second.\n>\n> On 4 Jun 2024, Ana wrote:\n>> First.\n", "Third."),
    body("quote marks without a space", f"Fine.\n\n{SAYS}\n\n>Hello Ana,\n>\n>Dora", "Fine."),
    body("Danish", f"Stadig i stykker.\n\nDen 5. juni 2024 kl. 10.00 skrev {D}:\n\n{quoted(OLD)}", "Stadig i stykker."),
    body("Swedish", f"Fungerar inte.\n\n5 juni 2024 kl. 10:00 skrev {D}:\n\n{quoted(OLD)}", "Fungerar inte."),
    body("Czech", f"Nefunguje.\n\nst 5. 6. 2024 v 10:00 odesílatel {D} napsal:\n\n{quoted(OLD)}", "Nefunguje."),
    body("Turkish", f"Çalışmıyor.\n\n{D}, 5 Haz 2024 Çar, 10:00 tarihinde şunu yazdı:\n\n{quoted(OLD)}", "Çalışmıyor."),
    body("Chinese", f"还是不行。\n\n{D} 于2024年6月5日周三 10:00写道：\n\n{quoted(OLD)}", "还是不行。"),
    body("empty", "", ""),
    body("only white space", " \n\n\t\n", ""),
    body("short and emphatic", "NO!!! :-(", "NO!!! :-("),
    Case(
        "a blockquote used to indent",
        page(
            "<div>The message was:</div><blockquote style='margin:0 0 0 40px'>Error 500</blockquote><div>Twice.</div>"
        ),
        has=("The message was:", "Error 500", "Twice."),
        lacks=(">",),
    ),
    Case(
        "a plain blockquote under an introduction",
        page(
            f"<p>Fine.</p><p>On 2024-06-05 10:00, Fairfield Desk wrote:</p><blockquote>{paragraphs(OLD)}</blockquote>"
        ),
        {"body": "Fine."},
    ),
    Case(
        "answers between the quotes in HTML",
        page(
            '<div>On 5 June 2024 Dora wrote:</div><blockquote type="cite">Which browser?</blockquote><div>Firefox</div><blockquote type="cite">Since when?</blockquote><div>Monday</div><blockquote type="cite">Dora</blockquote>'
        ),
        {"body": "> Which browser?\n\nFirefox\n\n> Since when?\n\nMonday"},
    ),
    Case(
        "Outlook for Mac",
        page(
            f'<div>Fine.</div><div><br></div><span id="OLK_SRC_BODY_SECTION"><div><b>From: </b>{E}<br><b>Date: </b>Wednesday, 5 June 2024<br></div>{paragraphs(OLD)}</span>'
        ),
        {"body": "Fine."},
    ),
    Case(
        "Outlook's new app",
        page(
            f'<div class="elementToProof">Fine.</div><div id="ms-outlook-mobile-signature"><div>Get <a href="https://aka.ms/o">Outlook for iOS</a></div></div><div id="mail-editor-reference-message-container"><hr><div><b>From:</b> {E}<br><b>Sent:</b> today</div>{paragraphs(OLD)}</div>'
        ),
        {"body": "Fine."},
    ),
    Case(
        "Gmail with a signature of its own",
        both(
            f"Fine.\n\n-- \nAna Novak\n\nOn Wed, Jun 5, 2024 at 10:00 AM {E} wrote:\n\n{quoted(OLD)}",
            f'<div dir="ltr">Fine.<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature" data-smartmail="gmail_signature">Ana Novak</div></div><br><div class="gmail_quote"><div class="gmail_attr">On Wed {E} wrote:<br></div><blockquote class="gmail_quote">{paragraphs(OLD)}</blockquote></div>',
        ),
        {"body": "Fine."},
    ),
    Case(
        "the text cannot tell the quote, the HTML can",
        both(
            f"Fine.\n\nDesk diu:\n{OLD}",
            f'<div>Fine.</div><div class="moz-cite-prefix">Desk diu:</div><blockquote type="cite">{paragraphs(OLD)}</blockquote>',
        ),
        {"body": "Fine."},
    ),
    Case(
        "the text part only says there is HTML",
        both("Your mail program does not show HTML.", f"<div>{'It fails. ' * 300}</div>"),
        has=("It fails. It fails.",),
        lacks=("mail program",),
    ),
    Case("an empty text beside HTML", both("\n", "<p>It <i>fails</i>.</p>"), {"body": "It fails."}),
    Case(
        "format=flowed",
        (head("Content-Type: text/plain; charset=utf-8; format=flowed") + "\r\n").encode()
        + b"This is one \r\nparagraph over \r\nthree lines.\r\n\r\n  indented\r\n\r\nOn 05.06.2024 10:00, Fairfield Desk wrote:\r\n> quoted words \r\n> go on\r\n",
        {"body": "This is one paragraph over three lines.\n\n indented"},
    ),
    Case(
        "format=flowed with DelSp",
        (head("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes") + "\r\n").encode()
        + "保存を \r\n押すと。\r\n-- \r\nAna\r\n".encode(),
        {"body": "保存を押すと。"},
    ),
    Case(
        "HTML with everything",
        page(
            "<html><head><title>no</title><style>p{}</style></head><body><h1>Profile</h1><p>Hello&nbsp;you,<br>see <a href='https://example.org/a'>this page</a>"
            " and <a href='https://example.org/b'>https://example.org/b</a>.</p><ul><li>one<li>two<ol><li>deep</ol></ul><table><tr><th>Key<th>Value<tr><td>a<td>1</table>"
            "<script>alert(1)</script><div style='display: none'>preheader</div><span hidden>no</span><img src='x' alt='a dialog'><pre>keep\n  this</pre></body></html>"
        ),
        {
            "body": "Profile\n\nHello you,\nsee this page (https://example.org/a) and https://example.org/b.\n\n- one\n- two\n  1. deep\n\n"
            "Key | Value\na | 1\n[a dialog]\nkeep\n  this"
        },
    ),
    Case(
        "plain words in a part that says enriched",
        (head("Content-Type: text/enriched; charset=utf-8") + "\r\n").encode()
        + b"<bold>It</bold> fails\r\nnow. <<b>\r\n",
        {"body": "It fails now. <b>"},
    ),
    Case(
        "plain part with a strange type",
        (head("Content-Type: text; charset=utf-8") + "\r\nIt fails.\r\n").encode(),
        {"body": "It fails."},
    ),
    Case("no content type at all", (head() + "\r\nIt fails.\r\n").encode(), {"body": "It fails."}),
    Case(
        "Apple Mail's parts one after the other",
        b"".join(
            [
                (head('Content-Type: multipart/mixed; boundary="B"') + "\r\n").encode(),
                b"--B\r\n",
                plain_part("Before the picture."),
                b"\r\n--B\r\nContent-Type: image/png; name=a.png\r\nContent-Disposition: inline; filename=a.png\r\n\r\nx\r\n--B\r\n",
                plain_part("After the picture."),
                b"\r\n--B--\r\n",
            ]
        ),
        {"body": "Before the picture.\n\nAfter the picture.", "attachments": ("a.png",)},
    ),
]
