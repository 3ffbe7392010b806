### What the answer to a mail says around the answers to its parts.

mail-accepted = accepté
mail-kept = conservé
mail-refused = REFUSÉ
mail-partly = REFUSÉ : { $count } sur { $all }
mail-subject = { $verdict } : Re: { $subject }
mail-no-subject = votre courriel
mail-head = Parties de votre courriel destinées au bus : { $all }
mail-part = { $number }. { $file } ({ $bytes } octets)
mail-notes = Laissé de côté, ou difficile à lire :
mail-foot = Réponse écrite par un programme. Ce qui a été refusé peut être corrigé et envoyé de nouveau dans un autre courriel.

## Why a part is refused. Each says how to mend it.

mail-no-picture = REFUSÉ : gardez-le, mais le bus ne transporte encore ni image, ni son, ni film. Dites en texte ce qu’on y voit. sha256 { $sha256 }
mail-no-pdf = REFUSÉ : gardez-le, mais le bus ne transporte pas encore de PDF. Envoyez le texte dans le courriel, ou le tableau en CSV ou XLSX. sha256 { $sha256 }
mail-no-archive = REFUSÉ : le bus n’ouvre pas d’archives. Joignez les fichiers un par un. sha256 { $sha256 }
mail-no-program = REFUSÉ : c’est un programme, et le bus n’en transporte pas. sha256 { $sha256 }
mail-no-calendar = REFUSÉ : le bus ne lit pas les rendez-vous. Écrivez les heures et les lieux en texte. sha256 { $sha256 }
mail-no-document = REFUSÉ : le bus ne lit pas les documents de traitement de texte. Copiez le texte dans le courriel, ou enregistrez-le en texte brut. sha256 { $sha256 }
mail-no-tnef = REFUSÉ : winmail.dat est un emballage propre à Outlook. Réglez le courriel sur texte brut ou HTML, puis renvoyez-le. sha256 { $sha256 }
mail-no-sealed = REFUSÉ : le bus ne peut pas ouvrir un courriel chiffré. Envoyez-le sans chiffrement, par une liaison TLS. sha256 { $sha256 }
mail-no-fragment = REFUSÉ : un fragment de courriel, ou un avis de serveur de messagerie, n’est pas un compte rendu.
mail-too-deep = REFUSÉ : il se trouve sous plus de { $limit } courriels transférés. Transférez seul celui de l’intérieur.
mail-too-many = REFUSÉ : un courriel a au plus { $limit } parties. Envoyez le reste dans un autre courriel.

## What was left out of a mail, and what was hard to read

mail-cut-original = l’ancien courriel cité dessous, lignes : { $count }, à partir de « { $first } » ; si c’était le compte rendu, transférez-le en pièce jointe
mail-cut-signature = la signature, lignes : { $count }, à partir de « { $first } »
mail-cut-list = le pied d’une liste de diffusion, lignes : { $count }, à partir de « { $first } »
mail-cut-device = « { $first } »
mail-cut-quote = des lignes citées : { $count }, la première « { $first } »
mail-covering-note = le texte du courriel, pris pour un mot d’accompagnement : « { $first } »
mail-ignored = { $file }, qui appartient à la présentation du courriel ou le signe
mail-charset = le texte se dit écrit en « { $charset } », ce qu’il n’est pas ; il a été lu en UTF-8
mail-charset-replaced = le texte n’a pas pu être lu entièrement en « { $charset } » ; ce qui était illisible est remplacé par un signe comme �
mail-html-large = une page HTML plus grande qu’un compte rendu ; envoyez-le en texte brut
