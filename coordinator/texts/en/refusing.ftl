### An acting unit cannot comply with an order: a normal answer, told to whoever issued the order.

refusing-order = { $who_unit } cannot comply with { $order }: { $code }
refusing-order-unsaid = { $who_unit } cannot comply with { $order }; no reason is given to you
refusing-next = Change the order, find another way, or withdraw it; ask { $who_unit } what is possible
