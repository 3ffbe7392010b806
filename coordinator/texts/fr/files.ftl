### Le dossier de dépôt d'un participant : ce que dit son README.txt, et pourquoi une chose n'y est pas prise.

drop-readme =
    DOSSIER DE DÉPÔT DE { $participant }

    in        déposez vos fichiers ici, un message par fichier. Ils sont pris quelques secondes après
              le dernier octet écrit, les plus anciens d'abord.
    done      ce qui a été pris, chaque fichier avec sa réponse à côté
    refused   ce qui a été refusé, chaque fichier avec la raison et le remède à côté
    out       ce qui vous est envoyé. Lisez-le et effacez-le quand vous voulez.

    La réponse à rapport.txt est rapport.txt.answer.txt ; rapport.txt.answer.json dit la même chose aux programmes.
    Corrigez un fichier refusé et remettez-le dans « in » sans ses réponses.
    Un fichier de plus de 1 Mo est refusé.
    Ne sont pas pris tant qu'ils s'appellent ainsi : les noms qui commencent par un point ou par ~$, et ceux qui
    finissent par .part, .tmp, .filepart, .partial ou .crdownload. Si possible, copiez sous un tel nom puis renommez.
    Rien n'est effacé pour vous dans « done » et « refused ». Vous pouvez en retirer ce que vous voulez.
drop-folder = REFUSÉ : « { $name } » est un dossier, et seuls les fichiers sont pris. Mettez ses fichiers dans « in ».
drop-link = REFUSÉ : « { $name } » est un lien, et les liens ne sont pas suivis. Mettez le fichier lui-même dans « in ».
drop-hard-link = REFUSÉ : « { $name } » a un second nom ailleurs (lien physique). Mettez-en une copie dans « in ».
drop-special = REFUSÉ : « { $name } » est un périphérique ou un tube, pas un fichier. Mettez un fichier dans « in ».
drop-unreadable = REFUSÉ : « { $name } » ne peut pas être lu. Rendez-le lisible par tous (chmod a+r), ou copiez-le de nouveau dans « in ».
