### The drop folder of a participant: what its README.txt says, and why something in it is not taken.

drop-readme =
    DROP FOLDER OF { $participant }

    in        put your files here, one message in each. They are taken a few seconds after
              the last byte was written, the oldest first.
    done      what was taken, each file with its answer beside it
    refused   what was refused, each file with the reason and how to mend it beside it
    out       what is sent to you. Read it, and delete it whenever you like.

    The answer to report.txt is report.txt.answer.txt; report.txt.answer.json is the same for programs.
    Mend a refused file, and put it back into "in" without its answers.
    A file of more than 1 MB is refused.
    Not taken while they are called so: names that begin with a dot or with ~$, and names that end
    in .part, .tmp, .filepart, .partial or .crdownload. Copy under such a name and rename at the end, if you can.
    Nothing in "done" and "refused" is deleted for you. You may move it away.
drop-folder = REFUSED: "{ $name }" is a folder, and only files are taken. Put its files into "in" themselves.
drop-link = REFUSED: "{ $name }" is a link, and links are not followed. Put the file itself into "in".
drop-hard-link = REFUSED: "{ $name }" has a second name elsewhere (a hard link). Put a copy of it into "in".
drop-special = REFUSED: "{ $name }" is a device or a pipe, not a file. Put a file into "in".
drop-unreadable = REFUSED: "{ $name }" may not be read. Let everybody read it (chmod a+r), or copy it into "in" again.
