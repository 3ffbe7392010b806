### Lo que los oficiales hacen con las fichas: por qué una acción no cambió nada, y qué hacer después.

not-accepted-taken = { $known ->
    [yes] Su acción no cambió nada: ya la tomó { $who }
   *[no] Su acción no cambió nada: ya está tomada; la ficha muestra quién la tiene
 }
not-accepted-not-yours = Su acción no cambió nada: solo puede quien tiene la ficha, un cuartel general o un puesto de guardia
not-accepted-findings = Su acción no cambió nada: una ficha sigue abierta mientras duren sus hallazgos. Resuélvalos, o conceda una dispensa
not-accepted-lasting = Su acción no cambió nada: lo que indica la ficha todavía dura. La ficha termina cuando eso termine
not-accepted-long = Su acción no cambió nada: una nota o una función tiene como máximo { $limit } caracteres
not-accepted-reason = Su acción no cambió nada: hace falta un motivo. Repítala con una nota
not-accepted-person = Su acción no cambió nada: hace falta la función de quien decide
not-accepted-second = Su acción no cambió nada: usted cerró esta ficha primero. Una segunda persona tiene que cerrarla también
not-accepted-extreme = Su acción no cambió nada: una ficha de esta gravedad no se puede apartar
not-accepted-until = Su acción no cambió nada: hace falta un final, a más tardar { $latest_at }
not-accepted-nobody = Su acción no cambió nada: esta ficha no se puede entregar a ese participante
not-accepted-no-offer = Su acción no cambió nada: nadie le ofrece esta ficha ahora
not-accepted-open = Su acción no cambió nada: la ficha está abierta

next-shelved = Apartada hasta { $until_at }; vuelve entonces, o cuando algo cambie
next-take-over = Se la ofrece { $who }: acuse recibo para tomarla, o rechácela
next-offered = Ofrecida a { $who }: sigue con usted hasta el acuse de recibo
next-second = La cerró { $who }: una segunda persona tiene que cerrarla también

label-typed = ESCRITO POR
label-spoken = DICHO POR
