package io.loggos.benchmarks.systems.jgroups;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.multicast.MemberListener;
import io.loggos.benchmarks.systems.multicast.MulticastMember;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import java.util.List;
import java.util.Map;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;

/**
 * JGroups over TCP, with a stack that it ships. Only these settings differ: addresses, no IP multicast, and no long
 * search by the first member. In a total order, SEQUENCER is added above the flow control, as in its {@code
 * sequencer.xml}.
 */
public final class JGroupsSystem implements MulticastSystem {
    /** Its usual stack. */
    public static final JGroupsSystem DEFAULTS = new JGroupsSystem(
            "jgroups",
            "JGroups",
            "tcp.xml as shipped: NAKACK2, MFC; SEQUENCER for TOTAL",
            "tcp.xml",
            Map.of(),
            Integer.MAX_VALUE,
            List.of(Ordering.FIFO, Ordering.TOTAL));
    /** Its newer stack, in which acknowledgements are the flow control. */
    public static final JGroupsSystem NAKACK4 = new JGroupsSystem(
            "jgroups-nakack4",
            "JGroups, NAKACK4",
            "tcp-new.xml as shipped: NAKACK4",
            "tcp-new.xml",
            Map.of(),
            Integer.MAX_VALUE,
            List.of(Ordering.FIFO));
    /** Its usual stack, with more room for small messages in the queue before the sending thread. */
    public static final JGroupsSystem LARGE_QUEUE = new JGroupsSystem(
            "jgroups-large-queue",
            "JGroups, large queue",
            "tcp.xml with room for 128k messages in the bundler's queue",
            "tcp.xml",
            Map.of("bundler.capacity", "128k"),
            256,
            List.of(Ordering.FIFO, Ordering.TOTAL));

    /** Its stack for low latency: no bundling, and each message is sent at once. */
    public static final JGroupsSystem LOW_LATENCY = new JGroupsSystem(
            "jgroups-low-latency",
            "JGroups, low latency",
            "tcp-low-latency.xml as shipped, with TCPPING: NAKACK2, MFC, no bundler; SEQUENCER for TOTAL",
            "tcp-low-latency.xml",
            Map.of(),
            Integer.MAX_VALUE,
            List.of(Ordering.FIFO, Ordering.TOTAL));

    private static final String GROUP = "bench";

    private final Subject subject;
    private final String shipped;
    private final Map<String, String> transport;
    private final int mostPayloadBytes;
    private final List<Ordering> orderings;

    private JGroupsSystem(
            String name,
            String label,
            String settings,
            String shipped,
            Map<String, String> transport,
            int mostPayloadBytes,
            List<Ordering> orderings) {
        this.subject = Subject.system(name, label, "jgroups " + Versions.of("jgroups"), settings);
        this.shipped = shipped;
        this.transport = Map.copyOf(transport);
        this.mostPayloadBytes = mostPayloadBytes;
        this.orderings = List.copyOf(orderings);
    }

    @Override
    public Subject subject() {
        return subject;
    }

    @Override
    public List<Ordering> orderings() {
        return orderings;
    }

    @Override
    public boolean takes(int payloadBytes) {
        return payloadBytes <= mostPayloadBytes;
    }

    /**
     * Excludes the stack without a bundler: its receivers may send, and then wait for credits that only they could
     * grant.
     */
    @Override
    public boolean isForThroughput() {
        return this != LOW_LATENCY;
    }

    @Override
    public MulticastMember open(int number, Addresses addresses, Ordering ordering, MemberListener listener)
            throws Exception {
        JChannel channel = new JChannel(new ShippedStack(shipped, number, addresses, transport, ordering.isTotal()));
        channel.name("member-" + number);
        channel.setReceiver(new Listener(channel, listener));
        try {
            channel.connect(GROUP);
        } catch (Exception e) {
            channel.close();
            throw e;
        }
        return new Member(channel);
    }

    private record Member(JChannel channel) implements MulticastMember {
        @Override
        public void multicast(byte[] message) throws Exception {
            channel.send(new BytesMessage(null, message));
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    private record Listener(JChannel channel, MemberListener target) implements Receiver {
        @Override
        public void receive(Message message) {
            target.onMessage(message.getArray(), message.getOffset());
        }

        @Override
        public void viewAccepted(View view) {
            target.onView(view.size(), view.getCoord().equals(channel.getAddress()));
        }
    }
}
