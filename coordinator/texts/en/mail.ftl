### What the answer to a mail says around the answers to its parts.

mail-accepted = accepted
mail-kept = kept
mail-refused = REFUSED
mail-partly = REFUSED { $count } of { $all }
mail-subject = { $verdict }: Re: { $subject }
mail-no-subject = your mail
mail-head = Parts of your mail for the bus: { $all }
mail-part = { $number }. { $file } ({ $bytes } bytes)
mail-notes = Left out, or hard to read:
mail-foot = A program wrote this answer. What was refused can be mended and sent again as a new mail.

## Why a part is refused. Each says how to mend it.

mail-no-picture = REFUSED: keep it, but the bus carries no pictures, sound or film yet. Say what it shows as text. sha256 { $sha256 }
mail-no-pdf = REFUSED: keep it, but the bus carries no PDF yet. Send the text in the mail, or the table as CSV or XLSX. sha256 { $sha256 }
mail-no-archive = REFUSED: the bus opens no archives. Attach the files one by one. sha256 { $sha256 }
mail-no-program = REFUSED: this is a program, and the bus carries none. sha256 { $sha256 }
mail-no-calendar = REFUSED: the bus reads no calendar entries. Write times and places as text. sha256 { $sha256 }
mail-no-document = REFUSED: the bus reads no documents of a word processor. Copy the text into the mail, or save it as plain text. sha256 { $sha256 }
mail-no-tnef = REFUSED: winmail.dat is Outlook's own wrapping. Set the mail to plain text or HTML, then send it again. sha256 { $sha256 }
mail-no-sealed = REFUSED: the bus cannot open encrypted mail. Send it without, over a connection with TLS. sha256 { $sha256 }
mail-no-fragment = REFUSED: a part of a mail, or a notice of a mail server, is no report.
mail-too-deep = REFUSED: it lies more than { $limit } forwarded mails deep. Forward the inner mail alone.
mail-too-many = REFUSED: a mail has at most { $limit } parts. Send the rest in another mail.

## What was left out of a mail, and what was hard to read

mail-cut-original = the older mail below, { $count } lines from "{ $first }"; if that was the report, forward it as an attachment
mail-cut-signature = the signature, { $count } lines from "{ $first }"
mail-cut-list = the footer of a mailing list, { $count } lines from "{ $first }"
mail-cut-device = "{ $first }"
mail-cut-quote = quoted lines, { $count } of them, the first "{ $first }"
mail-covering-note = the text of the mail, taken for a covering note: "{ $first }"
mail-ignored = { $file }, which belongs to the look of the mail or signs it
mail-charset = the text says it is written in "{ $charset }", which it is not; it was read as UTF-8
mail-charset-replaced = the text could not be read completely as "{ $charset }"; what was not readable is a sign like �
mail-html-large = a page of HTML that is larger than a report; send the report as plain text
