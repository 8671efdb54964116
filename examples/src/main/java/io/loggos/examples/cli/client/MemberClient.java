package io.loggos.examples.cli.client;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.loggos.api.Address;
import io.loggos.examples.cli.options.Connector;
import io.loggos.examples.etcd.proto.ClusterGrpc;
import io.loggos.examples.etcd.proto.Member;
import io.loggos.examples.etcd.proto.MemberListRequest;
import io.loggos.examples.etcd.proto.MemberPromoteRequest;
import io.loggos.examples.etcd.proto.MemberRemoveRequest;
import io.loggos.examples.etcd.proto.MemberUpdateRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks one server for the members of its cluster, or to change them. */
public final class MemberClient implements AutoCloseable {
    private final ManagedChannel channel;
    private final long timeoutMillis;

    /** Creates a client that waits at most this long for each answer. */
    public MemberClient(Address endpoint, Connector connector, long timeoutMillis) {
        this.channel = connector.connect(endpoint);
        this.timeoutMillis = timeoutMillis;
    }

    private ClusterGrpc.ClusterBlockingStub stub() {
        return ClusterGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    public List<Member> list() {
        return stub().memberList(MemberListRequest.getDefaultInstance()).getMembersList();
    }

    public List<Member> remove(int id) {
        return stub().memberRemove(
                        MemberRemoveRequest.newBuilder().setID(number(id)).build())
                .getMembersList();
    }

    public List<Member> promote(int id) {
        return stub().memberPromote(
                        MemberPromoteRequest.newBuilder().setID(number(id)).build())
                .getMembersList();
    }

    public List<Member> update(int id, Address address) {
        return stub().memberUpdate(MemberUpdateRequest.newBuilder()
                        .setID(number(id))
                        .addPeerURLs("http://" + address)
                        .build())
                .getMembersList();
    }

    private long number(int id) {
        return list().stream()
                .filter(member -> member.getName().equals("n" + id))
                .findFirst()
                .orElseThrow(() -> Status.NOT_FOUND
                        .withDescription("there is no member " + id)
                        .asRuntimeException())
                .getID();
    }

    /** Returns the reason of a failed call as a text for people. */
    public static String reason(StatusRuntimeException failure) {
        return StatusClient.reason(failure);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
