### 参加方的投递文件夹：其 README.txt 的内容，以及为何不收取某些内容。

drop-readme =
    { $participant } 的投递文件夹

    in        请把文件放在这里，每个文件一条消息。最后一个字节写入后几秒钟收取，最早的先收。
    done      已收取的文件，答复在旁边
    refused   被拒绝的文件，原因和更正方法在旁边
    out       发给您的内容。可随时阅读和删除。

    report.txt 的答复是 report.txt.answer.txt；report.txt.answer.json 供程序读取，内容相同。
    请更正被拒绝的文件，不带答复放回“in”。
    大于 1 MB 的文件会被拒绝。
    使用以下名称期间不收取：以点或 ~$ 开头的名称，以及以 .part、.tmp、.filepart、.partial
    或 .crdownload 结尾的名称。如有可能，请先用这样的名称复制，最后改名。
    “done”和“refused”中的内容不会替您删除。您可以移走。
drop-folder = 已拒绝：“{ $name }”是文件夹，只收取文件。请把其中的文件放入“in”。
drop-link = 已拒绝：“{ $name }”是链接，不跟随链接。请把文件本身放入“in”。
drop-hard-link = 已拒绝：“{ $name }”在别处另有名称（硬链接）。请把副本放入“in”。
drop-special = 已拒绝：“{ $name }”是设备或管道，不是文件。请把文件放入“in”。
drop-unreadable = 已拒绝：无法读取“{ $name }”。请允许所有人读取（chmod a+r），或重新复制到“in”。
