### Otro usó un nombre; partes que deben saber lo mismo no lo supieron.

## Seguridad

security-claimed = En nombre de { $whom }, pero enviado por { $who }: no aceptado, número de mensajes: { NUMBER($count, useGrouping: 0) }
security-claimed-many = En nombre de otros { $others }, pero enviado por { $who }: no aceptado, número de mensajes: { NUMBER($count, useGrouping: 0) }
security-unknown = Con un nombre que aquí nadie tiene, enviado por { $who }: no aceptado, número de mensajes: { NUMBER($count, useGrouping: 0) }
security-next = Avise por voz a los interesados: nada de ello es una orden. El original de { $first_at } se guarda como prueba, número { $raw }

## Lo mismo para cada parte

imbalance-late = { $notice }: aún sin recibo de { $whom }, otras partes lo tienen
imbalance-excluded = { $notice } no llega a { $missing } de { $all } partes: su etiqueta las excluye
imbalance-words = { $notice }: lo que una parte no puede ver se omitió para todas, para que todas lean lo mismo
imbalance-settled = { $notice }: ya no hay diferencia entre las partes
imbalance-next = Informe a las demás por otra vía, con las mismas palabras
imbalance-next-label = Corrija la etiqueta y envíelo de nuevo a todas las partes
