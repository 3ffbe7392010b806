### 执行单位无法执行指令：正常答复，告知指令发出者。

refusing-order = { $who_unit } 无法执行 { $order }：{ $code }
refusing-order-unsaid = { $who_unit } 无法执行 { $order }；原因不向您说明
refusing-next = 请修改指令、另寻办法或撤回指令；请询问 { $who_unit } 可以做到什么
