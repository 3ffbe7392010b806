### What the answer to a mail says around the answers to its parts.

mail-accepted = aceptado
mail-kept = guardado
mail-refused = RECHAZADO
mail-partly = RECHAZADO: { $count } de { $all }
mail-subject = { $verdict }: Re: { $subject }
mail-no-subject = su correo
mail-head = Partes de su correo para el bus: { $all }
mail-part = { $number }. { $file } ({ $bytes } bytes)
mail-notes = Omitido, o difícil de leer:
mail-foot = Respuesta escrita por un programa. Lo rechazado puede corregirse y enviarse de nuevo en otro correo.

## Why a part is refused. Each says how to mend it.

mail-no-picture = RECHAZADO: consérvelo, pero el bus aún no lleva imágenes, sonido ni vídeo. Diga en texto lo que muestra. sha256 { $sha256 }
mail-no-pdf = RECHAZADO: consérvelo, pero el bus aún no lleva PDF. Envíe el texto en el correo, o la tabla en CSV o XLSX. sha256 { $sha256 }
mail-no-archive = RECHAZADO: el bus no abre archivos comprimidos. Adjunte los ficheros uno por uno. sha256 { $sha256 }
mail-no-program = RECHAZADO: es un programa, y el bus no lleva ninguno. sha256 { $sha256 }
mail-no-calendar = RECHAZADO: el bus no lee citas de calendario. Escriba horas y lugares como texto. sha256 { $sha256 }
mail-no-document = RECHAZADO: el bus no lee documentos de un procesador de textos. Copie el texto en el correo, o guárdelo como texto sin formato. sha256 { $sha256 }
mail-no-tnef = RECHAZADO: winmail.dat es un envoltorio propio de Outlook. Ponga el correo en texto sin formato o HTML y envíelo de nuevo. sha256 { $sha256 }
mail-no-sealed = RECHAZADO: el bus no puede abrir correo cifrado. Envíelo sin cifrar, por una conexión con TLS. sha256 { $sha256 }
mail-no-fragment = RECHAZADO: un fragmento de correo, o un aviso de un servidor de correo, no es un informe.
mail-too-deep = RECHAZADO: está bajo más de { $limit } correos reenviados. Reenvíe solo el interior.
mail-too-many = RECHAZADO: un correo tiene como máximo { $limit } partes. Envíe el resto en otro correo.

## What was left out of a mail, and what was hard to read

mail-cut-original = el correo anterior citado debajo, líneas: { $count }, desde «{ $first }»; si ese era el informe, reenvíelo como adjunto
mail-cut-signature = la firma, líneas: { $count }, desde «{ $first }»
mail-cut-list = el pie de una lista de correo, líneas: { $count }, desde «{ $first }»
mail-cut-device = «{ $first }»
mail-cut-quote = líneas citadas: { $count }, la primera «{ $first }»
mail-covering-note = el texto del correo, tomado por una nota de acompañamiento: «{ $first }»
mail-ignored = { $file }, que pertenece al aspecto del correo o lo firma
mail-charset = el texto dice estar escrito en «{ $charset }», y no lo está; se leyó como UTF-8
mail-charset-replaced = el texto no pudo leerse del todo como «{ $charset }»; lo ilegible es un signo como �
mail-html-large = una página HTML mayor que un informe; envíelo como texto sin formato
