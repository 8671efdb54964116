package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.snapshot.detect.Cycle.Wait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Wait-for graph at a cut: the states, corrected by the messages in flight.
 *
 * <p>A request in flight is a wait that its receiver does not know yet. A grant in flight ends a wait whose process
 * does not know it yet. A release in flight ends a hold that its receiver still has in its state.
 */
final class WaitForGraph<P, R> {
    /** Source of a claim: the state of a node, or a message. */
    private record Source(NodeId node, Optional<InFlight<Bytes>> message) {}

    private final Map<Claim<P, R>, Source> held = new LinkedHashMap<>();
    private final Map<Claim<P, R>, Source> awaited = new LinkedHashMap<>();

    /** Adds a state; all states are added before messages. */
    void addState(NodeId node, Claims<P, R> claims) {
        Source state = new Source(node, Optional.empty());
        claims.held().forEach(claim -> held.putIfAbsent(claim, state));
        claims.awaited().forEach(claim -> awaited.putIfAbsent(claim, state));
    }

    /**
     * Adds a message in flight, in any order.
     *
     * <p>Only a release and the next request of the same process for the same resource can be in flight together, and
     * they change different things.
     */
    void addMessage(InFlight<Bytes> sent, ClaimMessage<P, R> message) {
        switch (message.kind()) {
            case REQUEST -> awaited.putIfAbsent(message.claim(), new Source(sent.from(), Optional.of(sent)));
            case GRANT -> {
                awaited.remove(message.claim());
                held.put(message.claim(), new Source(sent.to(), Optional.of(sent)));
            }
            case RELEASE -> held.remove(message.claim());
        }
    }

    /**
     * Returns the edges.
     *
     * @throws IllegalStateException if two processes hold one resource
     */
    List<Wait<P, R>> waits() {
        Map<R, Claim<P, R>> holders = new LinkedHashMap<>();
        for (Claim<P, R> claim : held.keySet()) {
            Claim<P, R> other = holders.putIfAbsent(claim.resource(), claim);
            if (other != null) {
                throw new IllegalStateException(
                        claim.resource() + " is held by both " + other.process() + " and " + claim.process());
            }
        }
        List<Wait<P, R>> waits = new ArrayList<>();
        awaited.forEach((claim, source) -> {
            Claim<P, R> holder = holders.get(claim.resource());
            if (holder != null) {
                waits.add(wait(claim, source, holder));
            }
        });
        return waits;
    }

    private Wait<P, R> wait(Claim<P, R> claim, Source source, Claim<P, R> holder) {
        Source holding = held.get(holder);
        return new Wait<>(
                claim.process(),
                source.node(),
                claim.resource(),
                holder.process(),
                source.message(),
                holding == null ? Optional.empty() : holding.message());
    }

    /**
     * Returns a cycle among these edges.
     *
     * <p>A process that waits for no waiting process will go on some day. Once all of those are left out, each
     * remaining process waits for another remaining one, so a walk along the edges must come back.
     */
    static <P, R> Optional<Cycle<P, R>> cycle(List<Wait<P, R>> edges) {
        List<Wait<P, R>> stuck = edges;
        int before;
        do {
            before = stuck.size();
            Set<P> waiting = stuck.stream().map(Wait::process).collect(Collectors.toSet());
            stuck = kept(stuck, wait -> waiting.contains(wait.holder()));
        } while (stuck.size() < before);

        Map<P, Wait<P, R>> next = new LinkedHashMap<>();
        stuck.forEach(wait -> next.putIfAbsent(wait.process(), wait));
        List<Wait<P, R>> path = new ArrayList<>();
        Map<P, Integer> visited = new LinkedHashMap<>();
        Wait<P, R> step = stuck.isEmpty() ? null : stuck.get(0);
        while (step != null) {
            Integer seen = visited.putIfAbsent(step.process(), path.size());
            if (seen != null) {
                return Optional.of(new Cycle<>(path.subList(seen, path.size())));
            }
            path.add(step);
            step = next.get(step.holder());
        }
        return Optional.empty();
    }

    private static <T> List<T> kept(List<T> all, Predicate<T> which) {
        return all.stream().filter(which).toList();
    }
}
