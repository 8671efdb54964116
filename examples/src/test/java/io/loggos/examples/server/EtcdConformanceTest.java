package io.loggos.examples.server;

import static io.loggos.examples.server.EtcdConversation.compact;
import static io.loggos.examples.server.EtcdConversation.compare;
import static io.loggos.examples.server.EtcdConversation.delete;
import static io.loggos.examples.server.EtcdConversation.get;
import static io.loggos.examples.server.EtcdConversation.put;
import static io.loggos.examples.server.EtcdConversation.txn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.loggos.examples.etcd.proto.Compare;
import io.loggos.examples.etcd.proto.Compare.CompareResult;
import io.loggos.examples.etcd.proto.Compare.CompareTarget;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RangeRequest.SortOrder;
import io.loggos.examples.etcd.proto.RangeRequest.SortTarget;
import io.loggos.examples.etcd.proto.RequestOp;
import io.loggos.examples.etcd.proto.TxnRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends the same requests to a real etcd and to this server, and compares each answer. */
class EtcdConformanceTest {
    private static final long SEED = 20260101;
    private static final List<Message> NOTHING = List.of();

    @TempDir
    Path directory;

    @Test
    void answersAsEtcdDoes() throws Exception {
        converse(script());
    }

    @Test
    void answersRandomRequestsAsEtcdDoes() throws Exception {
        RandomRequests random = new RandomRequests(new Random(SEED));
        List<Message> requests = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            requests.add(random.next());
        }
        converse(requests);
    }

    private void converse(List<Message> requests) throws Exception {
        try (RealEtcd etcd = RealEtcd.start(directory);
                LocalServer ours = new LocalServer()) {
            if (etcd == null) {
                System.out.println("skipped: etcd is not installed, so there is nothing to compare with");
            }
            assumeTrue(etcd != null, "etcd is not installed");
            EtcdConversation theirs = new EtcdConversation(etcd.channel);
            EtcdConversation mine = new EtcdConversation(ours.channel);
            for (int i = 0; i < requests.size(); i++) {
                Message request = requests.get(i);
                String text = request.getSerializedSize() < 2000 ? request.toString() : "(large)";
                assertEquals(
                        theirs.ask(request),
                        mine.ask(request),
                        "request " + i + ": " + request.getDescriptorForType().getName() + " " + text);
            }
        }
    }

    private static List<Message> script() {
        List<Message> script = new ArrayList<>();
        puts(script);
        ranges(script);
        transactions(script);
        refusedTransactions(script);
        deletesAndCompactions(script);
        sizes(script);
        return script;
    }

    private static void puts(List<Message> script) {
        script.add(get("nothing").build());
        script.add(put("a/1", "one").build());
        script.add(put("a/2", "two").build());
        script.add(put("a/3", "three").build());
        script.add(put("b", "").setPrevKv(true).build());
        script.add(put("a/1", "uno").setPrevKv(true).build());
        script.add(put("a/1", "").setIgnoreValue(true).build());
        script.add(put("a/1", "x").setIgnoreValue(true).build());
        script.add(put("missing", "").setIgnoreValue(true).build());
        script.add(put("a/2", "dos").setIgnoreLease(true).build());
        script.add(put("a/2", "dos").setIgnoreLease(true).setLease(5).build());
        script.add(put("missing", "x").setIgnoreLease(true).build());
        script.add(put("a/2", "x").setLease(123).build());
        script.add(put("", "x").build());
        script.add(PutRequest.getDefaultInstance());
        script.add(put("\0", "zero").build());
        script.add(PutRequest.newBuilder()
                .setKey(ByteString.copyFrom(new byte[] {(byte) 0xFF, (byte) 0xFF}))
                .setValue(ByteString.copyFrom(new byte[] {0, (byte) 0x80}))
                .build());
    }

    private static void ranges(List<Message> script) {
        script.add(RangeRequest.getDefaultInstance());
        script.add(get("a/1").build());
        script.add(get("a/1").setSerializable(true).build());
        script.add(get("a/", "a0").build());
        script.add(get("\0", "\0").build());
        script.add(get("a/2", "\0").build());
        script.add(get("b", "a").build());
        script.add(get("a/", "a0").setLimit(2).build());
        script.add(get("a/", "a0").setLimit(3).build());
        script.add(get("a/", "a0").setLimit(-1).build());
        script.add(get("a/", "a0").setCountOnly(true).build());
        script.add(get("a/", "a0").setCountOnly(true).setLimit(1).build());
        script.add(get("a/", "a0").setKeysOnly(true).build());
        for (SortTarget target : List.of(SortTarget.KEY, SortTarget.CREATE, SortTarget.MOD, SortTarget.VALUE)) {
            for (SortOrder order : List.of(SortOrder.NONE, SortOrder.ASCEND, SortOrder.DESCEND)) {
                script.add(get("a/", "a0")
                        .setSortTarget(target)
                        .setSortOrder(order)
                        .setLimit(2)
                        .build());
            }
        }
        for (long revision : new long[] {-3, 1, 2, 3, 4, 5, 1000}) {
            script.add(get("a/", "a0").setRevision(revision).build());
        }
        script.add(get("a/", "a0").setMinModRevision(4).build());
        script.add(get("a/", "a0").setMaxModRevision(4).build());
        script.add(get("a/", "a0").setMinCreateRevision(3).setLimit(1).build());
        script.add(get("a/", "a0").setMaxCreateRevision(3).build());
    }

    private static void transactions(List<Message> script) {
        Compare isUno = compare("a/1", CompareResult.EQUAL, CompareTarget.VALUE)
                .setValue(EtcdConversation.bytes("uno"))
                .build();
        Compare isNew = compare("new", CompareResult.EQUAL, CompareTarget.CREATE)
                .setCreateRevision(0)
                .build();
        script.add(TxnRequest.getDefaultInstance());
        script.add(txn(List.of(isUno), List.of(put("t", "yes").build(), get("t").build()), NOTHING));
        script.add(txn(
                List.of(isNew),
                List.of(put("new", "1").build()),
                List.of(get("new").build())));
        script.add(txn(
                List.of(isNew),
                List.of(put("new", "2").build()),
                List.of(get("new").build())));
        script.add(txn(
                List.of(),
                List.of(
                        delete("t").setPrevKv(true).build(),
                        get("t").build(),
                        put("u", "1").setPrevKv(true).build(),
                        get("u", "\0").build()),
                NOTHING));
        script.add(txn(List.of(), List.of(get("u").build(), get("a/1").build()), NOTHING));
        TxnRequest inner = txn(List.of(isNew), NOTHING, List.of(put("in", "1").build()));
        script.add(txn(
                List.of(isUno),
                List.of(inner, put("out", "1").build(), get("in").build()),
                NOTHING));
        for (CompareTarget target : List.of(CompareTarget.VERSION, CompareTarget.MOD, CompareTarget.LEASE)) {
            for (CompareResult result :
                    List.of(CompareResult.EQUAL, CompareResult.GREATER, CompareResult.LESS, CompareResult.NOT_EQUAL)) {
                Compare.Builder compare = compare("a/1", result, target);
                script.add(txn(List.of(compare.build()), NOTHING, NOTHING));
                script.add(txn(
                        List.of(compare.setRangeEnd(EtcdConversation.bytes("a0"))
                                .build()),
                        NOTHING,
                        NOTHING));
                script.add(txn(List.of(compare("none", result, target).build()), NOTHING, NOTHING));
                script.add(
                        txn(List.of(compare("none", result, CompareTarget.VALUE).build()), NOTHING, NOTHING));
            }
        }
        script.add(txn(List.of(), List.of(put("w", "").setIgnoreValue(true).build()), NOTHING));
        script.add(txn(
                List.of(),
                List.of(put("w", "1").build(), get("a/1").setRevision(9999).build()),
                NOTHING));
        script.add(get("w").build());
    }

    private static void refusedTransactions(List<Message> script) {
        Message put = put("k", "1").build();
        script.add(txn(List.of(), List.of(put, put), NOTHING));
        script.add(txn(List.of(), List.of(put, delete("k").build()), NOTHING));
        script.add(txn(
                List.of(),
                NOTHING,
                List.of(delete("a").setRangeEnd(EtcdConversation.bytes("z")).build(), put)));
        script.add(txn(List.of(), List.of(put), List.of(put)));
        TxnRequest inner = txn(List.of(), List.of(put), List.of(put));
        script.add(txn(List.of(), List.of(inner), NOTHING));
        script.add(txn(List.of(), List.of(inner, put), NOTHING));
        script.add(txn(List.of(), List.of(inner, inner), NOTHING));
        script.add(txn(List.of(), List.of(inner, delete("k").build()), NOTHING));
        script.add(txn(List.of(), List.of(put("", "1").build()), NOTHING));
        script.add(txn(List.of(Compare.getDefaultInstance()), NOTHING, NOTHING));
        script.add(TxnRequest.newBuilder()
                .addSuccess(RequestOp.getDefaultInstance())
                .build());
        List<Message> many = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            many.add(put("many" + i, "1").build());
        }
        script.add(txn(List.of(), many, NOTHING));
        script.add(txn(List.of(), List.of(txn(List.of(), many, NOTHING)), NOTHING));
        many.add(put("one more", "1").build());
        script.add(txn(List.of(), NOTHING, many));
    }

    private static void deletesAndCompactions(List<Message> script) {
        script.add(delete("").build());
        script.add(delete("nothing").build());
        script.add(delete("a/1").setPrevKv(true).build());
        script.add(put("a/1", "again").build());
        script.add(get("a/1").build());
        script.add(delete("a/").setRangeEnd(EtcdConversation.bytes("a0")).build());
        script.add(get("a/", "a0").setRevision(9).build());
        script.add(compact(9999));
        script.add(compact(8));
        script.add(compact(8));
        script.add(compact(3));
        script.add(compact(-1));
        script.add(get("a/", "a0").setRevision(7).build());
        script.add(get("a/", "a0").setRevision(8).build());
        script.add(get("a/", "a0").setRevision(9).build());
        script.add(get("\0", "\0").setKeysOnly(true).build());
    }

    private static void sizes(List<Message> script) {
        script.add(PutRequest.newBuilder()
                .setKey(EtcdConversation.bytes("large"))
                .setValue(ByteString.copyFrom(new byte[1_500_000]))
                .build());
        script.add(PutRequest.newBuilder()
                .setKey(EtcdConversation.bytes("large"))
                .setValue(ByteString.copyFrom(new byte[(3 << 19) + 1]))
                .build());
        script.add(get("large").setCountOnly(true).build());
    }
}
