### Nobody is on watch. $post is a role of the roster, with its area behind it: "duty-officer KESSA".

unwatched-until = On watch as { $post }: nobody until { $next_at }
unwatched-open = On watch as { $post }: nobody, and the roster names nobody who follows
unwatched-unreachable = On watch as { $post }: { $whom }, not reached since { $since_at }
unwatched-next = Take the watch or give it to somebody who can be reached, then correct the roster
