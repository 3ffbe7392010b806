"""HTTP: requests of a participant's own. It posts inputs and has its answer in the response; it asks for deliveries."""

from coordinator.edges.http.desk import Limits as Limits
from coordinator.edges.http.serving import serve as serve
