### Una unidad no puede cumplir una orden: una respuesta normal, comunicada a quien dio la orden.

refusing-order = { $who_unit } no puede cumplir { $order }: { $code }
refusing-order-unsaid = { $who_unit } no puede cumplir { $order }; no se le comunica el motivo
refusing-next = Cambie o retire la orden, o busque otra vía; pregunte a { $who_unit } qué es posible
