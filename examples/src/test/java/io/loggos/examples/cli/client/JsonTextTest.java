package io.loggos.examples.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The output is valid JSON for any texts. */
class JsonTextTest {
    @Test
    void structuresAndScalars() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("list", Arrays.asList(1, 2L, true, null));
        map.put("empty", Map.of());

        assertEquals("{\"list\":[1,2,true,null],\"empty\":{}}", JsonText.of(map));
    }

    @Test
    void textsAreEscaped() {
        assertEquals(
                "\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001f é \\ud83d\\ude00\"",
                JsonText.of("a\"b\\c\n\r\t\0\u001f é \uD83D\uDE00"));
    }
}
