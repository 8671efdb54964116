package io.loggos.examples.cli;

import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.cli.client.StatusClient;
import io.loggos.examples.cli.options.Connector;
import io.loggos.examples.cli.ports.PortHolder;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prints changes in the status of the nodes of a local cluster. It prints role, leader and ballot at once, and progress
 * in slots only now and then. One thread.
 */
final class ClusterMonitor implements AutoCloseable {
    private static final long ASK_MILLIS = 400;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<NodeProcess> processes;
    private final ClusterLayout layout;
    private final PrintWriter out;
    private final TreeMap<Integer, StatusClient> clients = new TreeMap<>();
    private final TreeMap<Integer, Shown> shown = new TreeMap<>();
    private final Set<Integer> dead = new HashSet<>();
    /** Dead nodes that somebody else has started again. */
    private final Set<Integer> back = new HashSet<>();

    /** The last printed status of a node, with its time. */
    private record Shown(String state, String slots, long nanos) {}

    ClusterMonitor(List<NodeProcess> processes, ClusterLayout layout, PrintWriter out) {
        this.processes = List.copyOf(processes);
        this.layout = layout;
        this.out = out;
        processes.forEach(process -> clients.put(
                process.id(), new StatusClient(layout.node(process.id()).clientAddress(), Connector.PLAIN)));
    }

    /**
     * Asks each node once and prints the changes.
     *
     * @return true if some node knows a leader
     */
    boolean look(long nowNanos) {
        boolean led = false;
        for (NodeProcess process : processes) {
            if (!process.isAlive() && dead.add(process.id())) {
                out.println(process.epitaph());
                out.println("To start it again: " + process.commandLine());
            }
            NodeStatusReply reply = Objects.requireNonNull(clients.get(process.id()))
                    .ask(ASK_MILLIS)
                    .reply();
            if (dead.contains(process.id()) && !isBack(process.id(), reply != null)) {
                continue;
            }
            led |= reply != null && reply.getLeader() != 0;
            show(process.id(), reply, nowNanos);
        }
        out.flush();
        return led;
    }

    /** Notices that somebody has started a dead node again, or that this process has ended too. */
    private boolean isBack(int id, boolean answers) {
        if (answers && back.add(id)) {
            out.println("node " + id + " is back"
                    + PortHolder.describe(layout.node(id).client())
                            .map(holder -> ": " + holder)
                            .orElse("")
                    + "; this command does not stop it");
        } else if (!answers && back.remove(id)) {
            out.println("node " + id + " is gone again");
            shown.remove(id);
        }
        return answers;
    }

    /** True if no node is running. */
    boolean allDead() {
        return dead.size() == processes.size() && back.isEmpty();
    }

    @Override
    public void close() {
        clients.values().forEach(StatusClient::close);
    }

    private void show(int id, @Nullable NodeStatusReply reply, long nowNanos) {
        Shown fresh = new Shown(state(reply), slots(reply), nowNanos);
        Shown before = shown.get(id);
        boolean changed = before == null || !before.state.equals(fresh.state);
        boolean moved = before != null && !before.slots.equals(fresh.slots) && nowNanos - before.nanos > QUIET_NANOS;
        if (changed || moved) {
            shown.put(id, fresh);
            out.println("node " + id + ": " + fresh.state + fresh.slots);
        }
    }

    private static String state(@Nullable NodeStatusReply reply) {
        if (reply == null) {
            return "not answering, or not yet";
        }
        List<String> parts = new ArrayList<>();
        parts.add(reply.getRole().toLowerCase(Locale.ROOT));
        parts.add("ballot " + StatusCommand.ballot(reply));
        parts.add(reply.getLeader() == 0 ? "no leader" : "leader " + reply.getLeader());
        if (!reply.getFormed()) {
            parts.add("has not yet met " + reply.getUnmetList());
        }
        if (!reply.getHalted().isEmpty()) {
            parts.add("halted: " + reply.getHalted().replace('\n', ' '));
        }
        return String.join(", ", parts);
    }

    static String slots(@Nullable NodeStatusReply reply) {
        if (reply == null) {
            return "";
        }
        return reply.getChosenSlot() < reply.getFirstSlot()
                ? ", no slot in its log, " + reply.getAppliedSlot() + " applied"
                : ", slots " + reply.getFirstSlot() + ".." + reply.getChosenSlot() + " chosen, "
                        + reply.getAppliedSlot() + " applied";
    }
}
