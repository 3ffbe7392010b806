### Personne n'est de permanence.

unwatched-until = De permanence comme { $post } : personne jusqu'à { $next_at }
unwatched-open = De permanence comme { $post } : personne, et le tableau de service ne nomme personne ensuite
unwatched-unreachable = De permanence comme { $post } : { $whom }, sans contact depuis { $since_at }
unwatched-next = Prenez la permanence ou confiez-la à quelqu'un de joignable, puis corrigez le tableau de service
