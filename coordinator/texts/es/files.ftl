### La carpeta de intercambio de un participante: lo que dice su README.txt, y por qué algo no se toma de ella.

drop-readme =
    CARPETA DE INTERCAMBIO DE { $participant }

    in        ponga aquí sus archivos, un mensaje en cada uno. Se toman unos segundos después de escrito
              el último byte, los más antiguos primero.
    done      lo que se tomó, cada archivo con su respuesta al lado
    refused   lo que se rechazó, cada archivo con el motivo y el remedio al lado
    out       lo que se le envía. Léalo y bórrelo cuando quiera.

    La respuesta a informe.txt es informe.txt.answer.txt; informe.txt.answer.json dice lo mismo a los programas.
    Corrija un archivo rechazado y vuelva a ponerlo en «in» sin sus respuestas.
    Un archivo de más de 1 MB se rechaza.
    No se toman mientras se llamen así: los nombres que empiezan por un punto o por ~$, y los que terminan
    en .part, .tmp, .filepart, .partial o .crdownload. Si puede, copie con un nombre así y cámbielo al final.
    Nada se borra por usted en «done» y «refused». Puede retirar de ahí lo que quiera.
drop-folder = RECHAZADO: «{ $name }» es una carpeta, y solo se toman archivos. Ponga sus archivos en «in».
drop-link = RECHAZADO: «{ $name }» es un enlace, y los enlaces no se siguen. Ponga el archivo mismo en «in».
drop-hard-link = RECHAZADO: «{ $name }» tiene otro nombre en otro lugar (enlace físico). Ponga una copia en «in».
drop-special = RECHAZADO: «{ $name }» es un dispositivo o una tubería, no un archivo. Ponga un archivo en «in».
drop-unreadable = RECHAZADO: «{ $name }» no se puede leer. Permita que todos lo lean (chmod a+r), o cópielo otra vez en «in».
