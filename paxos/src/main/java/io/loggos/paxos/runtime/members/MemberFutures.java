package io.loggos.paxos.runtime.members;

import io.loggos.api.NodeClosedException;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.member.Member;
import io.loggos.api.member.Members;
import io.loggos.internal.user.UserCode;
import io.loggos.paxos.core.model.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The callers that wait for changes of the members, and the answers for them. Any thread. */
public final class MemberFutures {
    private record Waiting(long number, CompletableFuture<Members> future) {}

    private final UserCode userCode;
    private final ClusterMembers members;
    private final List<Waiting> waiting = new ArrayList<>();
    private volatile @Nullable String waitsFor;

    public MemberFutures(UserCode userCode, ClusterMembers members) {
        this.userCode = userCode;
        this.members = members;
    }

    /** The members as this node knows them. Any thread. */
    public Members present() {
        return of(members.withStores(), waitsFor);
    }

    /** Returns a configuration for callers. */
    public static Members of(Configuration configuration, @Nullable String waitsFor) {
        return new Members(
                configuration.number(),
                configuration.members().stream()
                        .map(member -> new Member(member.node(), member.incarnation(), member.address(), member.role()))
                        .toList(),
                waitsFor);
    }

    void waitsFor(@Nullable String what) {
        waitsFor = what;
    }

    /** Completes a future once the change to the configuration with this number is complete. */
    synchronized void await(long number, CompletableFuture<Members> future) {
        waiting.add(new Waiting(number, future));
    }

    /** Completes the futures of changes up to this configuration. */
    synchronized void complete(Configuration configuration) {
        waiting.removeIf(each -> {
            boolean done = each.number <= configuration.number();
            if (done) {
                userCode.answer(() -> each.future.complete(of(configuration, null)));
            }
            return done;
        });
    }

    void fail(CompletableFuture<Members> future, Throwable cause) {
        userCode.answer(() -> future.completeExceptionally(cause));
    }

    void failClosed(CompletableFuture<Members> future) {
        fail(future, new NodeClosedException("the node is closed"));
    }

    /** Ends all that wait, because this node is no member any more: the change that removed it is complete. */
    public synchronized void removed() {
        complete(members.get().present());
        failAll(new OutcomeUnknownException("this node is no member any more, and does not hear of the outcome"));
    }

    /** Fails all that wait, because the node is closed. */
    public void close() {
        failAll(new OutcomeUnknownException("the node is closed, and the change goes on without it"));
    }

    private synchronized void failAll(Throwable cause) {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(each -> fail(each.future, cause));
    }
}
