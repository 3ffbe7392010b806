### What the answer to a mail says around the answers to its parts.

mail-accepted = aceite
mail-kept = guardado
mail-refused = RECUSADO
mail-partly = RECUSADO: { $count } de { $all }
mail-subject = { $verdict }: Re: { $subject }
mail-no-subject = a sua mensagem
mail-head = Partes da sua mensagem para o bus: { $all }
mail-part = { $number }. { $file } ({ $bytes } bytes)
mail-notes = Omitido, ou difícil de ler:
mail-foot = Resposta escrita por um programa. O que foi recusado pode ser corrigido e enviado de novo noutra mensagem.

## Why a part is refused. Each says how to mend it.

mail-no-picture = RECUSADO: guarde-o, mas o bus ainda não leva imagens, som nem filme. Diga em texto o que mostra. sha256 { $sha256 }
mail-no-pdf = RECUSADO: guarde-o, mas o bus ainda não leva PDF. Envie o texto na mensagem, ou a tabela em CSV ou XLSX. sha256 { $sha256 }
mail-no-archive = RECUSADO: o bus não abre arquivos comprimidos. Anexe os ficheiros um a um. sha256 { $sha256 }
mail-no-program = RECUSADO: é um programa, e o bus não leva nenhum. sha256 { $sha256 }
mail-no-calendar = RECUSADO: o bus não lê entradas de calendário. Escreva horas e lugares em texto. sha256 { $sha256 }
mail-no-document = RECUSADO: o bus não lê documentos de processador de texto. Copie o texto para a mensagem, ou guarde-o como texto simples. sha256 { $sha256 }
mail-no-tnef = RECUSADO: winmail.dat é um invólucro próprio do Outlook. Passe a mensagem a texto simples ou HTML e envie-a de novo. sha256 { $sha256 }
mail-no-sealed = RECUSADO: o bus não consegue abrir correio cifrado. Envie-o sem cifra, por uma ligação com TLS. sha256 { $sha256 }
mail-no-fragment = RECUSADO: um fragmento de mensagem, ou um aviso de um servidor de correio, não é um relatório.
mail-too-deep = RECUSADO: está sob mais de { $limit } mensagens reencaminhadas. Reencaminhe só a de dentro.
mail-too-many = RECUSADO: uma mensagem tem no máximo { $limit } partes. Envie o resto noutra mensagem.

## What was left out of a mail, and what was hard to read

mail-cut-original = a mensagem anterior citada abaixo, linhas: { $count }, desde "{ $first }"; se esse era o relatório, reencaminhe-a como anexo
mail-cut-signature = a assinatura, linhas: { $count }, desde "{ $first }"
mail-cut-list = o rodapé de uma lista de correio, linhas: { $count }, desde "{ $first }"
mail-cut-device = "{ $first }"
mail-cut-quote = linhas citadas: { $count }, a primeira "{ $first }"
mail-covering-note = o texto da mensagem, tomado por nota de acompanhamento: "{ $first }"
mail-ignored = { $file }, que pertence ao aspeto da mensagem ou a assina
mail-charset = o texto diz estar escrito em "{ $charset }", e não está; foi lido como UTF-8
mail-charset-replaced = o texto não pôde ser lido por inteiro como "{ $charset }"; o que era ilegível é um sinal como �
mail-html-large = uma página HTML maior do que um relatório; envie-o como texto simples
