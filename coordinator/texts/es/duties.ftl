### Nadie está de guardia.

unwatched-until = De guardia como { $post }: nadie hasta { $next_at }
unwatched-open = De guardia como { $post }: nadie, y la lista de turnos no nombra a nadie después
unwatched-unreachable = De guardia como { $post }: { $whom }, sin contacto desde { $since_at }
unwatched-next = Asuma la guardia o désela a alguien localizable; después corrija la lista de turnos
