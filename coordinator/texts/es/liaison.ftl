### Peticiones de ayuda, solicitudes de enlace y sesiones.

## Una ficha sobre una petición de ayuda

call-untaken = Petición de ayuda { $request }, de { $who_asker }: nadie se ha hecho cargo hasta { $due_at }. { $subject }
call-declined = Petición de ayuda { $request }, de { $who_asker }: todos los consultados han declinado. Está con { $who_owner } desde { $since_at }. { $subject }
call-promised = Petición de ayuda { $request }, de { $who_asker }: prometida por { $who_owner } a las { $since_at }, a las { $due_at } ni ordenada ni en movimiento. { $subject }
call-ordered = Petición de ayuda { $request }, de { $who_asker }: ordenada, con { $who_owner } desde { $since_at }, a las { $due_at } sin movimiento. { $subject }
call-partly = Petición de ayuda { $request }, de { $who_asker }: a las { $due_at } solo se ha prometido una parte. El resto está con { $who_owner }. { $subject }
call-untaken-next = Responda a { $who_asker }: prométalo, o decline con el motivo
call-declined-next = Busque a otro, o rechace de forma definitiva; informe a { $who_asker }
call-promised-next = Pregunte por voz a { $who_owner } si se mueve, y diga a { $who_asker } lo que hay
call-ordered-next = Pregunte por voz a { $who_owner } dónde está, y diga a { $who_asker } lo que hay
call-partly-next = Busque el resto, o diga a { $who_asker } que no lo hay
call-line-open = Sin prometer: { $item }
call-line-declined = { $who } declinó a las { $declined_at }: { $reason }

## Cómo está una solicitud, y cada artículo de ella

liaison-open = ABIERTA
liaison-partially = PROMETIDA EN PARTE
liaison-answered = RESPONDIDA
liaison-declined = DECLINADA por todos los consultados
liaison-withdrawn = RETIRADA
liaison-expired = VENCIDA, nadie ha prometido nada
item-open = sin respuesta
item-partially = prometido en parte
item-accepted = prometido
item-provisional = prometido con condiciones que el solicitante no ha aceptado
item-declined = declinado por todos los consultados

## Cómo está una sesión

session-open = SIN ACUERDO
session-agreed = ACORDADO, un texto y no una orden
session-withdrawn = CERRADA por quien la abrió
session-expired = VENCIDA sin un texto acordado por todos
