package io.loggos.benchmarks.systems.servers.client;

import com.google.protobuf.ByteString;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RangeResponse;
import io.loggos.examples.etcd.proto.StatusResponse;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Members of a cluster, each asked separately. */
public final class Members implements AutoCloseable {
    private static final int PAGE_KEYS = 2_000;
    private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[1]);

    /**
     * Contents of a member.
     *
     * @param hash hash of all keys, values and revisions, in the order of the keys
     */
    public record State(long revision, long keys, long hash) {}

    private final List<String> endpoints;
    private final List<EtcdClient> clients;

    /** Creates clients of the members that listen there, as host:port. */
    public Members(List<String> endpoints) {
        this.endpoints = List.copyOf(endpoints);
        this.clients =
                endpoints.stream().map(endpoint -> new EtcdClient(endpoint, 1)).toList();
    }

    /**
     * Returns the endpoint of the leader, once all members know the same one.
     *
     * @throws IllegalStateException if they do not in time
     */
    public String awaitLeader() {
        return Await.present("leader on which the servers agree", this::leader);
    }

    private @Nullable String leader() {
        String found = null;
        long known = 0;
        for (int i = 0; i < clients.size(); i++) {
            StatusResponse status = clients.get(i).status();
            if (status == null || status.getLeader() == 0 || (known != 0 && known != status.getLeader())) {
                return null;
            }
            known = status.getLeader();
            if (known == status.getHeader().getMemberId()) {
                found = endpoints.get(i);
            }
        }
        return found;
    }

    /** Returns the contents of each member, once all are at the same revision, or after a minute. */
    public List<State> settledStates() {
        boolean unused = Await.until(() -> revisions().stream().distinct().count() == 1);
        return clients.stream().map(Members::state).toList();
    }

    /**
     * Tells if the contents are the same and at least at this revision.
     *
     * @param revision revision of the store after all acknowledged puts
     */
    public static boolean agree(List<State> states, long revision) {
        return states.stream().distinct().count() == 1 && states.get(0).revision() >= revision;
    }

    @Override
    public void close() {
        clients.forEach(EtcdClient::close);
    }

    private List<Long> revisions() {
        return clients.stream()
                .map(client -> client.ownCopy(RangeRequest.newBuilder().setKey(FIRST_KEY))
                        .getHeader()
                        .getRevision())
                .toList();
    }

    private static State state(EtcdClient client) {
        CRC32C crc = new CRC32C();
        long keys = 0;
        ByteString from = FIRST_KEY;
        while (true) {
            RangeResponse page = client.ownCopy(RangeRequest.newBuilder()
                    .setKey(from)
                    .setRangeEnd(FIRST_KEY)
                    .setLimit(PAGE_KEYS));
            page.getKvsList().forEach(kv -> crc.update(kv.toByteArray()));
            keys += page.getKvsCount();
            if (!page.getMore()) {
                return new State(page.getHeader().getRevision(), keys, crc.getValue());
            }
            from = page.getKvs(page.getKvsCount() - 1).getKey().concat(FIRST_KEY);
        }
    }
}
