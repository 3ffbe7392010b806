### Что говорится о самих каналах.

channel-test = ПРОВЕРКА. Это проверка канала { $channel }, участник { $who }. Ничего делать не нужно.
repeat-head = ПОВТОРНО: получение ещё не подтверждено
undelivered-flash = { $who }: сообщение FLASH не доставлено по каналу { $channel }
undelivered-next = Вызовите голосом: { $who }. Затем пусть проверят канал
emergency-over = Эта чрезвычайная ситуация завершена
card-undelivered = Сообщение FLASH не доставлено{ $scene }
