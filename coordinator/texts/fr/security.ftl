### Un nom a été employé par un autre ; des parties à informer de même ne l’ont pas été.

## Sécurité

security-claimed = Au nom de { $whom }, mais envoyé par { $who } : non accepté, nombre de messages : { NUMBER($count, useGrouping: 0) }
security-claimed-many = Aux noms de { $others } autres, mais envoyé par { $who } : non accepté, nombre de messages : { NUMBER($count, useGrouping: 0) }
security-unknown = Sous un nom que personne ne porte ici, envoyé par { $who } : non accepté, nombre de messages : { NUMBER($count, useGrouping: 0) }
security-next = Avertissez les intéressés par phonie : rien de cela n’est un ordre. L’original de { $first_at } est conservé comme preuve, numéro { $raw }

## Les mêmes mots pour chaque partie

imbalance-late = { $notice } : pas encore de reçu de { $whom }, d’autres parties l’ont
imbalance-excluded = { $notice } n’atteint pas { $missing } parties sur { $all } : son étiquette les exclut
imbalance-words = { $notice } : ce qu’une partie ne peut pas voir a été omis pour toutes, afin que toutes lisent la même chose
imbalance-settled = { $notice } : plus de différence entre les parties
imbalance-next = Informez les autres par une autre voie, dans les mêmes termes
imbalance-next-label = Corrigez l’étiquette et renvoyez le texte à toutes les parties
