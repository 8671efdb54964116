package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.cut.InFlight;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Processes that wait for each other in a cycle.
 *
 * @param waits each process waits for the one of the next entry, that of the last for the first
 */
public record Cycle<P, R>(List<Wait<P, R>> waits) {
    /**
     * An edge of the wait-for graph.
     *
     * @param process the process that waits
     * @param node whose state says that it waits, or that sent the request which is in flight
     * @param resource what it waits for
     * @param holder the process that holds the resource
     * @param request if the request was in flight
     * @param grant if the holder's grant was in flight to it
     */
    public record Wait<P, R>(
            P process,
            NodeId node,
            R resource,
            P holder,
            Optional<InFlight<Bytes>> request,
            Optional<InFlight<Bytes>> grant) {
        boolean sameAs(Wait<P, R> other) {
            return process.equals(other.process) && resource.equals(other.resource) && holder.equals(other.holder);
        }

        @Override
        public String toString() {
            return process + " (" + node + ") waits for " + resource + ", held by " + holder
                    + request.map(each -> "; the request is on its way from " + each.from() + " to " + each.to())
                            .orElse("")
                    + grant.map(each -> "; the grant to " + holder + " is on its way from " + each.from() + " to "
                                    + each.to())
                            .orElse("");
        }
    }

    public Cycle {
        waits = List.copyOf(waits);
    }

    /** Returns one wait in each line. */
    @Override
    public String toString() {
        return waits.stream().map(Wait::toString).collect(Collectors.joining(System.lineSeparator()));
    }
}
