### Lo que se dice de los propios canales.

channel-test = PRUEBA. Esto es una prueba del canal { $channel } de { $who }. No hay nada que hacer.
repeat-head = REPETIDO: todavía sin acuse de recibo
undelivered-flash = { $who } no recibió un mensaje FLASH por el canal { $channel }
undelivered-next = Comuníquese por voz con { $who } y haga revisar el canal
emergency-over = Esta emergencia ha terminado
card-undelivered = Un mensaje FLASH no se entregó{ $scene }
