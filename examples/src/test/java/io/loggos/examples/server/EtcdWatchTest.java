package io.loggos.examples.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.loggos.examples.etcd.proto.CompactionRequest;
import io.loggos.examples.etcd.proto.DeleteRangeRequest;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.LeaseGrantRequest;
import io.loggos.examples.etcd.proto.LeaseGrpc;
import io.loggos.examples.etcd.proto.LeaseRevokeRequest;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import io.loggos.examples.etcd.proto.WatchCreateRequest;
import io.loggos.examples.etcd.proto.WatchCreateRequest.FilterType;
import io.loggos.examples.etcd.proto.WatchResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches of this server, and the same conversations with a real etcd where one is installed. */
class EtcdWatchTest {
    @TempDir
    Path directory;

    @Test
    void talksAsEtcdDoes() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(directory);
                LocalServer ours = new LocalServer()) {
            if (etcd == null) {
                System.out.println("skipped: etcd is not installed, so there is nothing to compare with");
            }
            assumeTrue(etcd != null, "etcd is not installed");
            assertEquals(String.join("\n", conversation(etcd.channel)), String.join("\n", conversation(ours.channel)));
        }
    }

    private static List<String> conversation(ManagedChannel channel) throws Exception {
        List<String> said = new ArrayList<>();
        KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channel);
        try (WatchConversation stream = new WatchConversation(channel)) {
            stream.create(prefix("w/"));
            said.add(stream.nextText());
            put(kv, "w/1", "one");
            said.add(stream.nextText());
            put(kv, "other", "x");
            put(kv, "w/1", "uno");
            said.add(stream.nextText());
            kv.txn(TxnRequest.newBuilder()
                    .addSuccess(put("w/2", "two"))
                    .addSuccess(RequestOp.newBuilder()
                            .setRequestDeleteRange(
                                    DeleteRangeRequest.newBuilder().setKey(utf8("w/1"))))
                    .addSuccess(put("w/3", "three"))
                    .build());
            said.add(stream.nextText());

            stream.create(prefix("w/").setWatchId(7).setStartRevision(2).setPrevKv(true));
            said.add(stream.nextText());
            said.add(stream.nextText());
            stream.create(key("x").setWatchId(7));
            said.add(stream.nextText());
            stream.create(key("b").setRangeEnd(utf8("a")));
            said.add(stream.nextText());
            stream.cancel(99);
            stream.cancel(7);
            said.add(stream.nextText());
            stream.create(key("w/3").addFilters(FilterType.NOPUT).setPrevKv(true));
            said.add(stream.nextText());
            stream.cancel(0);
            said.add(stream.nextText());
            put(kv, "w/3", "tres");
            kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(utf8("w/3")).build());
            said.add(stream.nextText());
            stream.create(WatchCreateRequest.newBuilder()
                    .setRangeEnd(ByteString.copyFrom(new byte[1]))
                    .addFilters(FilterType.NODELETE)
                    .setStartRevision(9));
            said.add(stream.nextText());
            put(kv, "w/4", "8");
            put(kv, "w/4", "9");
            said.add(stream.nextText());
            kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(utf8("w/4")).build());
            stream.requestProgress();
            said.add(stream.nextText());
            kv.compact(CompactionRequest.newBuilder().setRevision(9).build());
            stream.create(prefix("w/").setStartRevision(3));
            said.add(stream.nextText());
            said.add(stream.nextText().replaceFirst("at \\d+", "at ?"));
            stream.create(prefix("w/").setStartRevision(10));
            said.add(stream.nextText());
            said.add(stream.nextText());
            stream.cancel(2);
            said.add(stream.nextText());
            LeaseGrpc.LeaseBlockingStub leases = LeaseGrpc.newBlockingStub(channel);
            leases.leaseGrant(
                    LeaseGrantRequest.newBuilder().setID(77).setTTL(600).build());
            for (String key : List.of("w/6", "w/7")) {
                kv.put(PutRequest.newBuilder().setKey(utf8(key)).setLease(77).build());
                said.add(stream.nextText());
            }
            leases.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(77).build());
            said.add(stream.nextText());
            stream.complete();
            put(kv, "w/5", "after the last request");
            said.add(stream.nextText());
        }
        return said;
    }

    @Test
    void aLargeRevisionComesInFragments() throws Exception {
        try (LocalServer server = new LocalServer();
                WatchConversation stream = new WatchConversation(server.channel)) {
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(server.channel);
            for (int i = 0; i < 4; i++) {
                put(kv, "large/" + i, "x".repeat(700_000));
            }
            stream.create(prefix("large/").setPrevKv(true).setFragment(true));
            stream.next();
            kv.deleteRange(DeleteRangeRequest.newBuilder()
                    .setKey(utf8("large/"))
                    .setRangeEnd(utf8("large0"))
                    .build());
            WatchResponse first = stream.next();
            WatchResponse last = stream.next();
            assertTrue(first.getFragment());
            assertTrue(!last.getFragment());
            assertEquals(4, first.getEventsCount() + last.getEventsCount());
        }
    }

    @Test
    void aClientThatDoesNotReadIsCaughtUpLater() throws Exception {
        int puts = 60;
        try (LocalServer server = new LocalServer();
                WatchConversation slow = new WatchConversation(server.channel, false, false);
                WatchConversation quick = new WatchConversation(server.channel)) {
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(server.channel);
            slow.create(prefix("k/"));
            quick.create(prefix("k/"));
            quick.next();
            slow.read(1);
            slow.next();
            for (int i = 0; i < puts; i++) {
                put(kv, "k/" + i, "x".repeat(200_000));
            }
            assertEquals(puts, events(quick, puts).size());
            slow.read(1 << 20);
            List<Long> revisions = events(slow, puts);
            for (int i = 0; i < puts; i++) {
                assertEquals(i + 2L, revisions.get(i));
            }
            slow.requestProgress();
            assertEquals("watch -1 at " + (puts + 1), slow.nextText());
        }
    }

    @Test
    void aWatchOfTheFutureHoldsUpNoProgress() throws Exception {
        try (LocalServer server = new LocalServer();
                WatchConversation stream = new WatchConversation(server.channel)) {
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(server.channel);
            stream.create(key("a").setStartRevision(1_000));
            stream.next();
            stream.requestProgress();
            assertEquals("watch -1 at 1", stream.nextText());
            stream.create(key("b"));
            stream.next();
            put(kv, "c", "1");
            put(kv, "c", "2");
            stream.requestProgress();
            assertEquals("watch -1 at 3", stream.nextText());
        }
    }

    private static List<Long> events(WatchConversation stream, int count) throws Exception {
        List<Long> revisions = new ArrayList<>();
        while (revisions.size() < count) {
            stream.next()
                    .getEventsList()
                    .forEach(event -> revisions.add(event.getKv().getModRevision()));
        }
        return revisions;
    }

    @Test
    void aStreamThatRequiresALeaderEndsWithoutOne() throws Exception {
        try (LocalServer server = new LocalServer();
                WatchConversation requires = new WatchConversation(server.channel, true, true);
                WatchConversation waits = new WatchConversation(server.channel)) {
            requires.create(key("a"));
            requires.next();
            waits.create(key("a"));
            waits.next();
            server.replica.leader(null);
            Status status = requires.end.get(20, TimeUnit.SECONDS);
            assertEquals(Status.Code.UNAVAILABLE, status.getCode());
            assertEquals("etcdserver: no leader", status.getDescription());
            assertNull(waits.end.getNow(null));
        }
    }

    @Test
    void theEndOfTheServerEndsItsStreams() throws Exception {
        WatchConversation stream;
        try (LocalServer server = new LocalServer()) {
            stream = new WatchConversation(server.channel);
            stream.create(key("a"));
            stream.next();
            server.front.close();
            assertEquals(
                    "etcdserver: server stopped",
                    stream.end.get(4, TimeUnit.SECONDS).getDescription());
        }
        stream.close();
    }

    private static WatchCreateRequest.Builder key(String key) {
        return WatchCreateRequest.newBuilder().setKey(utf8(key));
    }

    private static WatchCreateRequest.Builder prefix(String prefix) {
        String end = prefix.substring(0, prefix.length() - 1) + (char) (prefix.charAt(prefix.length() - 1) + 1);
        return key(prefix).setRangeEnd(utf8(end));
    }

    private static void put(KVGrpc.KVBlockingStub kv, String key, String value) {
        kv.put(PutRequest.newBuilder().setKey(utf8(key)).setValue(utf8(value)).build());
    }

    private static RequestOp put(String key, String value) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(utf8(key)).setValue(utf8(value)))
                .build();
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
