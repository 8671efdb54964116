package io.loggos.multicast.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.loggos.api.Bytes;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MessageBufferTest {
    @Test
    void itBehavesAsASortedMapOfItsMessages() {
        SplittableRandom random = new SplittableRandom(3);
        MessageBuffer buffer = new MessageBuffer();
        TreeMap<Long, Bytes> model = new TreeMap<>();
        long last = 0;
        for (int step = 0; step < 20_000; step++) {
            int what = random.nextInt(100);
            if (what == 0) {
                buffer.clear();
                model.clear();
                last = 0;
            } else if (what < 20) {
                long through = Math.max(0, last - random.nextInt(60));
                buffer.dropThrough(through);
                model.headMap(through, true).clear();
            } else {
                Bytes body = Bytes.wrap(new byte[random.nextInt(20)]);
                buffer.add(Bytes.EMPTY, body);
                model.put(++last, body);
            }
            assertEquals(last, buffer.last());
            assertEquals(model.isEmpty() ? last + 1 : model.firstKey(), buffer.first());
        }
        long bytes = 0;
        for (Map.Entry<Long, Bytes> entry : model.entrySet()) {
            assertSame(entry.getValue(), buffer.body(entry.getKey()));
            assertSame(Bytes.EMPTY, buffer.head(entry.getKey()));
            assertEquals(entry.getValue().size(), buffer.size(entry.getKey()));
            bytes += MessageBuffer.OVERHEAD_BYTES + entry.getValue().size();
        }
        assertEquals(bytes, buffer.bytes());
    }
}
