package io.loggos.storage.kv.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.kv.EtcdModel;
import io.loggos.storage.kv.RandomOperations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyValueCodecTest {
    private static final long SEED = Long.getLong("kv.seed", 1);

    @Test
    void operationsAndOutcomesComeBackAsTheyWere() {
        Random random = new Random(SEED);
        RandomOperations operations = new RandomOperations(random, 3);
        EtcdModel model = new EtcdModel();
        for (int i = 0; i < 3000; i++) {
            Operation operation = operations.next(model.revision());
            assertEquals(operation, KeyValueCodec.decodeOperation(KeyValueCodec.encode(operation)), "kv.seed=" + SEED);
            try {
                Outcome outcome = model.run(operation);
                assertEquals(outcome, KeyValueCodec.decodeAnswer(KeyValueCodec.encode(outcome)), "kv.seed=" + SEED);
            } catch (KeyValueException e) {
                assertEquals(e.reason(), decodeRefusal(KeyValueCodec.encode(e)).reason());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void refusalsComeBackAsTheyWere(Reason reason) {
        KeyValueException refusal = decodeRefusal(KeyValueCodec.encode(new KeyValueException(reason, "because")));
        assertEquals(reason, refusal.reason());
        assertEquals("because", refusal.getMessage());
    }

    @Test
    void anotherVersionOfTheFormatIsNotRead() {
        Bytes bytes = new ByteWriter(16).putByte(3).putByte(5).putLong(1).toBytes();
        assertThrows(MalformedException.class, () -> KeyValueCodec.decodeOperation(bytes));
        assertThrows(MalformedException.class, () -> KeyValueCodec.decodeAnswer(bytes));
    }

    @Test
    void nestingIsBounded() {
        ByteWriter operation = new ByteWriter(16).putByte(2);
        ByteWriter outcome = new ByteWriter(16).putByte(1);
        for (int i = 0; i < 100_000; i++) {
            operation.putByte(OperationCodec.TRANSACTION).putVarint(0).putVarint(1);
            outcome.putByte(OperationCodec.TRANSACTION)
                    .putLong(1)
                    .putBoolean(true)
                    .putInt(1);
        }
        Bytes operationBytes = operation.toBytes();
        Bytes outcomeBytes = outcome.toBytes();
        assertThrows(MalformedException.class, () -> KeyValueCodec.decodeOperation(operationBytes));
        assertThrows(MalformedException.class, () -> KeyValueCodec.decodeAnswer(outcomeBytes));
    }

    @Test
    void countsAreNotBelievedBeyondTheBytesThatAreThere() {
        Bytes many = new ByteWriter(16)
                .putByte(2)
                .putByte(OperationCodec.TRANSACTION)
                .putVarint(Integer.MAX_VALUE)
                .toBytes();
        assertThrows(MalformedException.class, () -> KeyValueCodec.decodeOperation(many));
    }

    /**
     * Any bytes decode to a value that encodes to the same bytes, or are malformed. An answer may also be a refusal.
     */
    @Test
    void fuzz() {
        Random random = new Random(SEED);
        List<byte[]> seeds = seeds(random);
        int values = 0;
        for (int i = 0; i < 120_000; i++) {
            byte[] bytes = mutated(seeds.get(random.nextInt(seeds.size())), random);
            values += decodes(bytes) ? 1 : 0;
        }
        assertTrue(values > 5_000, "kv.seed=" + SEED + ": the inputs are too wild to test anything, " + values);
        assertTrue(values < 115_000, "kv.seed=" + SEED + ": the inputs are too tame to test anything, " + values);
    }

    private static boolean decodes(byte[] bytes) {
        boolean value = false;
        try {
            Operation operation = KeyValueCodec.decodeOperation(Bytes.wrap(bytes));
            assertEquals(operation, KeyValueCodec.decodeOperation(KeyValueCodec.encode(operation)), "kv.seed=" + SEED);
            value = true;
        } catch (MalformedException e) {
            assertTrue(e.getMessage().length() < 200);
        }
        try {
            Outcome outcome = KeyValueCodec.decodeAnswer(Bytes.wrap(bytes));
            assertEquals(outcome, KeyValueCodec.decodeAnswer(KeyValueCodec.encode(outcome)), "kv.seed=" + SEED);
            value = true;
        } catch (MalformedException | KeyValueException e) {
            value |= e instanceof KeyValueException;
        }
        return value;
    }

    private static List<byte[]> seeds(Random random) {
        RandomOperations operations = new RandomOperations(random, 3);
        EtcdModel model = new EtcdModel();
        List<byte[]> seeds = new ArrayList<>();
        while (seeds.size() < 500) {
            Operation operation = operations.next(model.revision());
            seeds.add(KeyValueCodec.encode(operation).toByteArray());
            try {
                seeds.add(KeyValueCodec.encode(model.run(operation)).toByteArray());
            } catch (KeyValueException e) {
                seeds.add(KeyValueCodec.encode(e).toByteArray());
            }
        }
        return seeds;
    }

    private static byte[] mutated(byte[] seed, Random random) {
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = seed.clone();
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] =
                    (byte) (random.nextBoolean() ? random.nextInt(6) : random.nextInt(256));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 8)) : bytes;
    }

    private static KeyValueException decodeRefusal(Bytes answer) {
        return assertThrows(KeyValueException.class, () -> KeyValueCodec.decodeAnswer(answer));
    }
}
