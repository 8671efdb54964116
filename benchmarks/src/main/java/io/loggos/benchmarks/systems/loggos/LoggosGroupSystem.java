package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.multicast.MemberListener;
import io.loggos.benchmarks.systems.multicast.MulticastMember;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import java.util.List;

/** Group of Loggos with default options. */
public final class LoggosGroupSystem implements MulticastSystem {
    private static final String GROUP = "bench";

    @Override
    public Subject subject() {
        return Subject.loggos(Subject.LOGGOS, "Loggos", "GroupOptions.of: delivery on receipt, window of 4 MiB");
    }

    @Override
    public List<Ordering> orderings() {
        return List.of(Ordering.values());
    }

    @Override
    public MulticastMember open(int number, Addresses addresses, Ordering ordering, MemberListener listener) {
        Node node = LoggosNodes.builder(addresses, number).open();
        try {
            return new Member(node, node.join(GROUP, GroupOptions.of(ordering), new Listener(node.id(), listener)));
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private record Member(Node node, Group group) implements MulticastMember {
        @Override
        public void multicast(byte[] message) {
            group.multicast(Bytes.wrap(message));
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private record Listener(NodeId own, MemberListener target) implements GroupListener {
        @Override
        public void onMessage(NodeId from, Bytes message) {
            target.onMessage(message.backingArray(), message.backingOffset());
        }

        @Override
        public void onView(ViewChange change) {
            View view = change.view();
            target.onView(view.members().size(), view.rank(own) == 0);
        }

        @Override
        public void onEvicted(String reason) {
            target.onView(0, false);
        }
    }
}
