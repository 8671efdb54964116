package io.loggos.paxos.synchronous;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.NotPrimaryException;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.api.group.request.Answers;
import io.loggos.api.group.request.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A group in memory: what a member multicasts all are told before the call returns. */
final class MemoryGroup {
    private final List<Membership> members = new ArrayList<>();
    private boolean primary = true;

    synchronized Group join(GroupListener listener) {
        Membership member = new Membership(NodeId.of(members.size() + 1), listener);
        members.add(member);
        return member;
    }

    /** Refuses to send from now on. */
    synchronized void leavePrimary() {
        primary = false;
    }

    /** Tells a member that others have left. */
    synchronized void lose(int member, int... others) {
        List<NodeId> left = new ArrayList<>();
        for (int other : others) {
            left.add(NodeId.of(other));
        }
        tell(member, listener -> listener.onView(new ViewChange(view(), new TreeSet<>(), List.of(), left, List.of())));
    }

    /** Tells one member something. */
    synchronized void tell(int member, Consumer<GroupListener> what) {
        what.accept(members.get(member - 1).listener);
    }

    private View view() {
        return new View(
                new ViewId(1, NodeId.of(1), 1),
                members.stream().map(member -> member.id).toList(),
                primary);
    }

    private synchronized void multicast(NodeId from, Bytes message) {
        if (!primary) {
            throw new NotPrimaryException("in memory");
        }
        members.forEach(member -> member.listener.onMessage(from, message));
    }

    private final class Membership implements Group {
        private final NodeId id;
        private final GroupListener listener;

        Membership(NodeId id, GroupListener listener) {
            this.id = id;
            this.listener = listener;
        }

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public Optional<View> view() {
            synchronized (MemoryGroup.this) {
                return Optional.of(MemoryGroup.this.view());
            }
        }

        @Override
        public void multicast(Bytes message) {
            MemoryGroup.this.multicast(id, message);
        }

        @Override
        public void multicast(Bytes message, Ordering ordering, Delivery delivery) {
            multicast(message);
        }

        @Override
        public void send(NodeId to, Bytes message) {
            tell(to.value(), member -> member.onMessage(id, message));
        }

        @Override
        public CompletableFuture<View> awaitView(Predicate<View> wanted) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Receipt> multicastWithReceipt(Bytes message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Receipt> multicastWithReceipt(Bytes message, Ordering ordering, Delivery delivery) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Receipt> sendWithReceipt(NodeId to, Bytes message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Answers> request(NodeId to, Bytes request, Duration deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Answers> request(Bytes request, Quota quota, Duration deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
