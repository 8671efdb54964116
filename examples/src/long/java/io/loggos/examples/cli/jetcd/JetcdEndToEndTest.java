package io.loggos.examples.cli.jetcd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.election.CampaignResponse;
import io.etcd.jetcd.election.LeaderResponse;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.support.CloseableClient;
import io.etcd.jetcd.support.Observers;
import io.etcd.jetcd.watch.WatchEvent;
import io.loggos.examples.cli.TestCluster;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real user's client, jetcd, with three server processes: each of its parts, as its users call it. With {@code
 * -Djetcd.endpoints=http://HOST:PORT,...} it asks a cluster that is there, such as one of etcd.
 */
@Tag("long")
class JetcdEndToEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static TestCluster cluster;
    private static List<String> endpoints;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        String given = System.getProperty("jetcd.endpoints", "");
        if (given.isEmpty()) {
            cluster = new TestCluster(directory).startAll();
            endpoints = cluster.clients().stream().map(each -> "http://" + each).toList();
        } else {
            endpoints = List.of(given.split(",", -1));
        }
        client = Client.builder().endpoints(endpoints.toArray(String[]::new)).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void keysAreWrittenReadAndDeleted() throws Exception {
        KV kv = client.getKVClient();
        long first = the(kv.put(of("kv/a"), of("1"))).getHeader().getRevision();
        assertEquals(
                "1",
                text(the(kv.put(of("kv/a"), of("2"), PutOption.builder().withPrevKV().build()))
                        .getPrevKv()
                        .getValue()));
        the(kv.put(of("kv/b"), of("0")));
        the(kv.put(of("kv/c"), of("3")));

        assertEquals(
                "1",
                text(the(kv.get(of("kv/a"), GetOption.builder().withRevision(first).build()))
                        .getKvs()
                        .get(0)
                        .getValue()));
        GetResponse sorted = the(kv.get(
                of("kv/"),
                GetOption.builder()
                        .isPrefix(true)
                        .withSortField(GetOption.SortTarget.VALUE)
                        .withSortOrder(GetOption.SortOrder.DESCEND)
                        .withLimit(2)
                        .build()));
        assertEquals(List.of("kv/c", "kv/a"), keys(sorted.getKvs()));
        assertEquals(3, sorted.getCount());
        assertTrue(sorted.isMore());
        assertEquals(
                3,
                the(kv.get(
                                of("kv/"),
                                GetOption.builder()
                                        .isPrefix(true)
                                        .withCountOnly(true)
                                        .build()))
                        .getCount());
        assertEquals(
                List.of("kv/a", "kv/b"),
                keys(the(kv.delete(
                                of("kv/a"),
                                DeleteOption.builder()
                                        .withRange(of("kv/c"))
                                        .withPrevKV(true)
                                        .build()))
                        .getPrevKvs()));
        assertEquals(0, the(kv.get(of("kv/a"))).getCount());
    }

    @Test
    void transactionsTakeOneBranch() throws Exception {
        KV kv = client.getKVClient();
        the(kv.put(of("txn"), of("old")));
        TxnResponse then = the(kv.txn()
                .If(new Cmp(of("txn"), Cmp.Op.EQUAL, CmpTarget.value(of("old"))))
                .Then(
                        Op.put(of("txn"), of("new"), PutOption.DEFAULT),
                        Op.txn(
                                new Cmp[] {new Cmp(of("none"), Cmp.Op.GREATER, CmpTarget.version(0))},
                                new Op[0],
                                new Op[] {Op.get(of("txn"), GetOption.DEFAULT)}))
                .Else(Op.delete(of("txn"), DeleteOption.DEFAULT))
                .commit());
        assertTrue(then.isSucceeded());
        TxnResponse within = then.getTxnResponses().get(0);
        assertFalse(within.isSucceeded());
        assertEquals("new", text(within.getGetResponses().get(0).getKvs().get(0).getValue()));

        TxnResponse otherwise = the(kv.txn()
                .If(new Cmp(of("txn"), Cmp.Op.LESS, CmpTarget.modRevision(1)))
                .Then(Op.put(of("txn"), of("never"), PutOption.DEFAULT))
                .Else(Op.delete(of("txn"), DeleteOption.DEFAULT))
                .commit());
        assertFalse(otherwise.isSucceeded());
        assertEquals(1, otherwise.getDeleteResponses().get(0).getDeleted());
    }

    @Test
    void leasesAreKeptAndEnd() throws Exception {
        long kept = the(client.getLeaseClient().grant(2)).getID();
        long ended = the(client.getLeaseClient().grant(600)).getID();
        KV kv = client.getKVClient();
        the(kv.put(of("lease/kept"), of("v"), leased(kept)));
        the(kv.put(of("lease/ended"), of("v"), leased(ended)));
        assertEquals(
                List.of("lease/ended"),
                the(client.getLeaseClient()
                                .timeToLive(
                                        ended,
                                        LeaseOption.builder().withAttachedKeys().build()))
                        .getKeys()
                        .stream()
                        .map(JetcdEndToEndTest::text)
                        .toList());
        List<LeaseKeepAliveResponse> answers = new CopyOnWriteArrayList<>();
        try (CloseableClient unused = client.getLeaseClient().keepAlive(kept, Observers.observer(answers::add))) {
            await().atMost(PATIENCE).until(() -> answers.size() >= 5); // Longer than the lease would live.
            assertEquals(1, the(kv.get(of("lease/kept"))).getCount());
        }
        await().atMost(PATIENCE).until(() -> the(kv.get(of("lease/kept"))).getCount() == 0);
        the(client.getLeaseClient().revoke(ended));
        assertEquals(0, the(kv.get(of("lease/ended"))).getCount());
        assertEquals(-1, the(client.getLeaseClient().timeToLive(ended, LeaseOption.DEFAULT)).getTTL());
        assertThrows(ExecutionException.class, () -> the(client.getLeaseClient().keepAliveOnce(ended)));
    }

    @Test
    void watchesTellHistoryAndWhatFollows() throws Exception {
        KV kv = client.getKVClient();
        long first = the(kv.put(of("watch/a"), of("1"))).getHeader().getRevision();
        the(kv.put(of("watch/a"), of("2")));
        List<String> seen = new CopyOnWriteArrayList<>();
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(first)
                .withPrevKV(true)
                .build();
        try (Watch.Watcher unused = client.getWatchClient()
                .watch(of("watch/"), option, answer -> answer.getEvents().forEach(event -> seen.add(told(event))))) {
            await().atMost(PATIENCE).until(() -> seen.size() == 2);
            the(kv.put(of("watch/b"), of("3")));
            the(kv.delete(of("watch/a")));
            await().atMost(PATIENCE).until(() -> seen.size() == 4);
        }
        assertEquals(
                List.of("PUT watch/a 1 of ", "PUT watch/a 2 of 1", "PUT watch/b 3 of ", "DELETE watch/a  of 2"), seen);
    }

    @Test
    void watchesLeaveOutWhatIsFiltered() throws Exception {
        KV kv = client.getKVClient();
        List<String> seen = new CopyOnWriteArrayList<>();
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withNoPut(true)
                .withCreateNotify(true)
                .build();
        CompletableFuture<Boolean> created = new CompletableFuture<>();
        try (Watch.Watcher unused = client.getWatchClient().watch(of("filter/"), option, answer -> {
            if (answer.isCreatedNotify()) {
                created.complete(true);
            }
            answer.getEvents().forEach(event -> seen.add(told(event)));
        })) {
            the(created);
            the(kv.put(of("filter/a"), of("1")));
            the(kv.delete(of("filter/a")));
            await().atMost(PATIENCE).until(() -> !seen.isEmpty());
        }
        assertEquals(List.of("DELETE filter/a  of "), seen);
    }

    @Test
    void aWatchOfWhatIsCompactedFails() throws Exception {
        KV kv = client.getKVClient();
        the(kv.put(of("compact"), of("1")));
        long last = the(kv.put(of("compact"), of("2"))).getHeader().getRevision();
        the(kv.compact(last));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Watch.Watcher unused = client.getWatchClient()
                .watch(of("compact"), WatchOption.builder().withRevision(1).build(), answer -> {}, failure::set)) {
            await().atMost(PATIENCE).until(() -> failure.get() instanceof CompactedException);
        }
        assertEquals(last, ((CompactedException) failure.get()).getCompactedRevision());
    }

    @Test
    void oneHasTheLock() throws Exception {
        long one = the(client.getLeaseClient().grant(600)).getID();
        long other = the(client.getLeaseClient().grant(600)).getID();
        ByteSequence key = the(client.getLockClient().lock(of("door"), one)).getKey();
        CompletableFuture<ByteSequence> waiting =
                client.getLockClient().lock(of("door"), other).thenApply(answer -> answer.getKey());
        assertThrows(TimeoutException.class, () -> waiting.get(500, TimeUnit.MILLISECONDS));
        the(client.getLockClient().unlock(key));
        ByteSequence second = the(waiting);
        assertTrue(text(second).startsWith("door/"));
        the(client.getLeaseClient().revoke(other));
        the(client.getLockClient().lock(of("door"), one));
        the(client.getLeaseClient().revoke(one));
    }

    @Test
    void oneIsElected() throws Exception {
        long one = the(client.getLeaseClient().grant(600)).getID();
        long other = the(client.getLeaseClient().grant(600)).getID();
        Election election = client.getElectionClient();
        List<String> observed = new CopyOnWriteArrayList<>();
        election.observe(of("chair"), new Election.Listener() {
            @Override
            public void onNext(LeaderResponse leader) {
                observed.add(text(leader.getKv().getValue()));
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {}
        });
        CampaignResponse won = the(election.campaign(of("chair"), one, of("first")));
        assertEquals("first", text(the(election.leader(of("chair"))).getKv().getValue()));
        CompletableFuture<CampaignResponse> next = election.campaign(of("chair"), other, of("second"));
        await().atMost(PATIENCE).until(() -> observed.contains("first"));
        the(election.proclaim(won.getLeader(), of("again")));
        await().atMost(PATIENCE).until(() -> observed.contains("again"));
        the(election.resign(won.getLeader()));
        the(next);
        await().atMost(PATIENCE).until(() -> observed.contains("second"));
        assertEquals(List.of("first", "again", "second"), observed);
        the(client.getLeaseClient().revoke(other));
        the(client.getLeaseClient().revoke(one));
    }

    @Test
    void usersMayDoWhatTheirRolesAllow() throws Exception {
        the(client.getAuthClient().userAdd(of("root"), of("secret")));
        the(client.getAuthClient().userAdd(of("ann"), of("hers")));
        the(client.getAuthClient().roleAdd(of("writer")));
        the(client.getAuthClient()
                .roleGrantPermission(of("writer"), of("auth/"), of("auth0"), Permission.Type.READWRITE));
        the(client.getAuthClient().userGrantRole(of("root"), of("root")));
        the(client.getAuthClient().userGrantRole(of("ann"), of("writer")));
        assertEquals(
                List.of("writer"), the(client.getAuthClient().userGet(of("ann"))).getRoles());
        the(client.getAuthClient().authEnable());
        try (Client root = as("root", "secret");
                Client ann = as("ann", "hers");
                Client wrong = as("ann", "theirs")) {
            the(ann.getKVClient().put(of("auth/a"), of("1")));
            assertEquals(1, the(ann.getKVClient().get(of("auth/a"))).getCount());
            refused("permission denied", () -> the(ann.getKVClient().put(of("other"), of("1"))));
            refused("UNAUTHENTICATED", () -> the(wrong.getKVClient().get(of("auth/a"))));
            refused("user name is empty", () -> the(client.getKVClient().get(of("auth/a"))));
            assertEquals(List.of("ann", "root"), the(root.getAuthClient().userList()).getUsers());
            the(root.getAuthClient().userRevokeRole(of("ann"), of("writer")));
            refused("permission denied", () -> the(ann.getKVClient().get(of("auth/a"))));
            the(root.getAuthClient().authDisable());
        }
        the(client.getAuthClient().roleDelete(of("writer")));
        the(client.getAuthClient().userDelete(of("ann")));
        the(client.getAuthClient().userDelete(of("root")));
    }

    @Test
    void membersAreLookedAfter() throws Exception {
        the(client.getKVClient().put(of("maintained"), of("1")));
        assertEquals(
                endpoints.size(), the(client.getClusterClient().listMember()).getMembers().size());
        for (String endpoint : endpoints) {
            assertTrue(the(client.getMaintenanceClient().statusMember(endpoint)).getLeader() != 0);
            the(client.getMaintenanceClient().defragmentMember(endpoint));
        }
        long revision = the(client.getKVClient().get(of("maintained"))).getHeader().getRevision();
        assertEquals(
                1,
                endpoints.stream()
                        .map(endpoint -> hash(endpoint, revision))
                        .distinct()
                        .count());
        assertEquals(
                List.of(), the(client.getMaintenanceClient().listAlarms()).getAlarms());
        ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
        try (Client one = Client.builder().endpoints(endpoints.get(0)).build()) {
            long bytes = the(one.getMaintenanceClient().snapshot(snapshot));
            assertEquals(bytes, snapshot.size());
            assertTrue(bytes > 0);
        }
    }

    @Test
    void aNamespaceIsAPrefix() throws Exception {
        try (Client within = Client.builder()
                .endpoints(endpoints.toArray(String[]::new))
                .namespace(of("space/"))
                .build()) {
            the(within.getKVClient().put(of("key"), of("v")));
            assertEquals("key", text(the(within.getKVClient().get(of("key"))).getKvs().get(0).getKey()));
        }
        assertEquals(1, the(client.getKVClient().get(of("space/key"))).getCount());
    }

    private interface Asked {
        void ask() throws Exception;
    }

    private static void refused(String why, Asked asked) {
        ExecutionException refusal = assertThrows(ExecutionException.class, asked::ask);
        assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal::toString);
    }

    private static Client as(String user, String password) {
        return Client.builder()
                .endpoints(endpoints.toArray(String[]::new))
                .user(of(user))
                .password(of(password))
                .build();
    }

    private static int hash(String endpoint, long revision) {
        try {
            return the(client.getMaintenanceClient().hashKV(endpoint, revision)).getHash();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static PutOption leased(long lease) {
        return PutOption.builder().withLeaseId(lease).build();
    }

    private static String told(WatchEvent event) {
        return event.getEventType() + " " + text(event.getKeyValue().getKey()) + " "
                + text(event.getKeyValue().getValue()) + " of "
                + text(event.getPrevKV().getValue());
    }

    private static List<String> keys(List<KeyValue> kvs) {
        return kvs.stream().map(kv -> text(kv.getKey())).toList();
    }

    private static <T> T the(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static ByteSequence of(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
