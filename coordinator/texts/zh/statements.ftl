### Reports that do not agree: what they are about, and what each says. Nobody is said to be right.

disagree-route = 关于 { $place } 能否通行，报告不一致：{ not-confirmed }
disagree-class = 关于 { $place } 的载重等级，报告不一致：{ not-confirmed }
disagree-hazard = 关于 { $place } 是否仍有危险，报告不一致：{ not-confirmed }
disagree-casualties = 关于 { $place } 的伤亡人数，报告不一致：{ not-confirmed }
disagree-site = 关于 { $place } 是否仍在使用，报告不一致：{ not-confirmed }
disagree-strength = 关于 { $who_of } 的人数，报告不一致：{ not-confirmed }
disagree-next = 请双方提交新报告
says-open = { $who }：开放（{ $id }）
says-caution = { $who }：谨慎通行（{ $id }）
says-closed = { $who }：关闭（{ $id }）
says-class = { $who }：载重等级 { $number }（{ $id }）
says-danger = { $who }：有危险（{ $id }）
says-lifted = { $who }：危险已解除（{ $id }）
says-used = { $who }：使用中（{ $id }）
says-removed = { $who }：已不再使用（{ $id }）
says-killed = { $who }：死亡 { $number } 人（{ $id }）
says-injured = { $who }：受伤 { $number } 人（{ $id }）
says-missing = { $who }：失踪 { $number } 人（{ $id }）
says-strength = { $who }：在位 { $number } 人（{ $id }）
