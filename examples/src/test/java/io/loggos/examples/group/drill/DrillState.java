package io.loggos.examples.group.drill;

import io.loggos.api.group.Ordering;
import java.util.TreeMap;

/**
 * What one node records: the books of its groups, one for each ordering, and its money.
 *
 * @param books are changed as messages come
 */
record DrillState(TreeMap<Ordering, DrillBook> books, long money) {
    static DrillState parse(String text) {
        String[] parts = text.split(";", -1);
        TreeMap<Ordering, DrillBook> books = new TreeMap<>();
        int part = 1;
        for (Ordering ordering : Ordering.values()) {
            books.put(ordering, DrillBook.parse(ordering, parts[part++]));
        }
        return new DrillState(books, Long.parseLong(parts[0]));
    }

    DrillBook book(Ordering ordering) {
        DrillBook book = books.get(ordering);
        if (book == null) {
            throw new IllegalArgumentException("no " + ordering);
        }
        return book;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(money);
        books.values().forEach(book -> text.append(';').append(book));
        return text.toString();
    }
}
