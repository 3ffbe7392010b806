### На каком этапе приказ и на каком этапе заявка. У каждого этапа свои слова: обещание не читается как факт.

## На каком этапе приказ у подразделения

order-sent = отправлен, о доставке неизвестно
order-delivered = доставлен, ещё никем не прочитан
order-received = получен, обратно не повторён
order-misread = ПОВТОРЁН ИНАЧЕ
order-understood = понят, как приказано
order-wilco = WILCO
order-cannot-comply = ВЫПОЛНИТЬ НЕ МОЖЕТ
order-own = само издало изменение
order-withheld = вам не показано

## Согласован ли приказ

coordinated-yes = да, каждое исполняющее подразделение выполнит
coordinated-not-yet = ещё нет, WILCO от исполняющих подразделений: { $count } из { $of }
coordinated-unknown = ещё нет
coordinated-nobody = нет, исполняющее подразделение приказом не названо
coordinated-gone = нет, приказ больше не действует

## Повторение рядом с приказом

read-time = время
read-place = место
read-task = задача
read-different = { $field }: приказано { $ordered }, повторено { $read }
read-unclear = { $field }: повторено { $read }, сравнить нельзя с { $ordered }

## На каком этапе заявка

request-asked = ЗАПРОШЕНО, никто ничего не обещал
request-planned = ЗАПЛАНИРОВАНО, обещание и ещё не приказ
request-ordered = ПРИКАЗАНО, ещё не в движении
request-in-motion = В ДВИЖЕНИИ
request-done = ВЫПОЛНЕНО
request-refused = ОТКЛОНЕНО
request-withdrawn = ОТОЗВАНО заявителем
