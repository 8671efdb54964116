package io.loggos.examples.server;

import static io.loggos.examples.server.EtcdConversation.bytes;
import static io.loggos.examples.server.EtcdConversation.compact;
import static io.loggos.examples.server.EtcdConversation.compare;
import static io.loggos.examples.server.EtcdConversation.delete;
import static io.loggos.examples.server.EtcdConversation.get;
import static io.loggos.examples.server.EtcdConversation.put;
import static io.loggos.examples.server.EtcdConversation.txn;

import com.google.protobuf.Message;
import io.loggos.examples.etcd.proto.Compare;
import io.loggos.examples.etcd.proto.Compare.CompareResult;
import io.loggos.examples.etcd.proto.Compare.CompareTarget;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RangeRequest.SortOrder;
import io.loggos.examples.etcd.proto.RangeRequest.SortTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random requests from a seed. There are few keys, so that requests often share keys. */
final class RandomRequests {
    private static final List<String> KEYS = List.of("a", "aa", "ab", "b", "ba", "c\0", "c", "d");

    private final Random random;
    private long asked;

    RandomRequests(Random random) {
        this.random = random;
    }

    Message next() {
        asked++;
        int kind = random.nextInt(100);
        if (kind < 35) {
            return anyPut();
        } else if (kind < 60) {
            return anyGet();
        } else if (kind < 70) {
            return anyDelete();
        } else if (kind < 98) {
            return anyTxn(2);
        }
        return compact(Math.max(1, asked / 3));
    }

    private Message anyPut() {
        int kind = random.nextInt(12);
        String value = kind == 0 ? "" : Integer.toString(random.nextInt(50));
        return put(key(), value)
                .setPrevKv(random.nextBoolean())
                .setIgnoreValue(kind == 0)
                .setIgnoreLease(kind == 1)
                .build();
    }

    private Message anyGet() {
        RangeRequest.Builder get = get(key());
        if (random.nextInt(3) > 0) {
            get.setRangeEnd(bytes(end()));
        }
        if (random.nextInt(3) == 0) {
            get.setRevision(random.nextInt((int) asked + 2));
        }
        if (random.nextInt(4) == 0) {
            get.setLimit(random.nextInt(4));
        }
        if (random.nextInt(4) == 0) {
            // Mod revisions can be equal within a transaction, and etcd does not specify the order of those.
            get.setSortTarget(SortTarget.KEY).setSortOrder(SortOrder.forNumber(random.nextInt(3)));
        }
        if (random.nextInt(6) == 0) {
            get.setMinModRevision(random.nextInt((int) asked)).setMaxCreateRevision(random.nextInt((int) asked));
        }
        return get.setKeysOnly(random.nextInt(5) == 0)
                .setCountOnly(random.nextInt(8) == 0)
                .setSerializable(random.nextBoolean())
                .build();
    }

    private Message anyDelete() {
        var delete = delete(key()).setPrevKv(random.nextBoolean());
        return random.nextInt(3) == 0 ? delete.setRangeEnd(bytes(end())).build() : delete.build();
    }

    private Message anyTxn(int depth) {
        List<Compare> compares = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            compares.add(anyCompare());
        }
        return txn(compares, branch(depth), branch(depth));
    }

    private List<Message> branch(int depth) {
        List<Message> branch = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            int kind = random.nextInt(10);
            if (kind < 4) {
                branch.add(anyPut());
            } else if (kind < 7) {
                // Without a revision: if a transaction has several errors, etcd reports puts before reads.
                branch.add(((RangeRequest) anyGet()).toBuilder().clearRevision().build());
            } else if (kind < 8) {
                // With an end: etcd does not notice that a delete without one overlaps with a put; this server
                // refuses it.
                branch.add(delete(key())
                        .setRangeEnd(bytes(key()))
                        .setPrevKv(random.nextBoolean())
                        .build());
            } else if (depth > 0) {
                branch.add(anyTxn(depth - 1));
            }
        }
        return branch;
    }

    private Compare anyCompare() {
        CompareTarget target = CompareTarget.forNumber(random.nextInt(4));
        Compare.Builder compare = compare(key(), CompareResult.forNumber(random.nextInt(4)), target);
        if (random.nextInt(3) == 0) {
            compare.setRangeEnd(bytes(end()));
        }
        switch (target) {
            case VERSION -> compare.setVersion(random.nextInt(4));
            case CREATE -> compare.setCreateRevision(random.nextInt((int) asked + 1));
            case MOD -> compare.setModRevision(random.nextInt((int) asked + 1));
            default -> compare.setValue(bytes(Integer.toString(random.nextInt(50))));
        }
        return compare.build();
    }

    private String key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private String end() {
        return random.nextInt(4) == 0 ? "\0" : key();
    }
}
