### What the answer to a mail says around the answers to its parts.

mail-accepted = 已接受
mail-kept = 已保存
mail-refused = 已拒绝
mail-partly = 已拒绝 { $count }/{ $all }
mail-subject = { $verdict }: Re: { $subject }
mail-no-subject = 您的邮件
mail-head = 您的邮件中发往总线的部分：{ $all }
mail-part = { $number }. { $file }（{ $bytes } 字节）
mail-notes = 未采用或难以读取的内容：
mail-foot = 本答复由程序写成。被拒绝的内容可以改正后用新邮件重发。

## Why a part is refused. Each says how to mend it.

mail-no-picture = 已拒绝：请自行保留，总线目前不传送图片、声音或影像。请用文字说明其内容。 sha256 { $sha256 }
mail-no-pdf = 已拒绝：请自行保留，总线目前不传送 PDF。请把文字写在邮件里，或以 CSV、XLSX 发送表格。 sha256 { $sha256 }
mail-no-archive = 已拒绝：总线不打开压缩包。请逐个附上文件。 sha256 { $sha256 }
mail-no-program = 已拒绝：这是程序，总线不传送程序。 sha256 { $sha256 }
mail-no-calendar = 已拒绝：总线不读取日历条目。请用文字写明时间和地点。 sha256 { $sha256 }
mail-no-document = 已拒绝：总线不读取文字处理文档。请把文字复制到邮件里，或另存为纯文本。 sha256 { $sha256 }
mail-no-tnef = 已拒绝：winmail.dat 是 Outlook 自己的包装。请把邮件设为纯文本或 HTML 后重发。 sha256 { $sha256 }
mail-no-sealed = 已拒绝：总线无法打开加密邮件。请不加密，经 TLS 连接发送。 sha256 { $sha256 }
mail-no-fragment = 已拒绝：邮件片段或邮件服务器的通知不是报告。
mail-too-deep = 已拒绝：它在超过 { $limit } 层转发邮件之内。请单独转发里面的邮件。
mail-too-many = 已拒绝：一封邮件最多 { $limit } 个部分。其余请用另一封邮件发送。

## What was left out of a mail, and what was hard to read

mail-cut-original = 下方的旧邮件，共 { $count } 行，从“{ $first }”开始；如果那就是报告，请作为附件转发
mail-cut-signature = 签名，共 { $count } 行，从“{ $first }”开始
mail-cut-list = 邮件列表的页脚，共 { $count } 行，从“{ $first }”开始
mail-cut-device = “{ $first }”
mail-cut-quote = 引用的行，共 { $count } 行，第一行“{ $first }”
mail-covering-note = 邮件正文，被当作附言：“{ $first }”
mail-ignored = { $file }，属于邮件的外观或签名
mail-charset = 正文自称编码为“{ $charset }”，实际不是；已按 UTF-8 读取
mail-charset-replaced = 正文不能完全按“{ $charset }”读取；不可读处以 � 代替
mail-html-large = HTML 页面比报告大；请以纯文本发送报告
