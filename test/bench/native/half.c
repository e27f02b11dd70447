/* LibRaw's half-size decode as the product asks for it: camera white balance, sRGB, 8 bits; file in memory to pixels in memory.
   Arguments: files. Output: a line for each with processor nanoseconds, width and height, or `refused`. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <libraw/libraw.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments) {
  for (int each = 1; each < count; each++) {
    FILE *file = fopen(arguments[each], "rb");
    if (!file) return 3;
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    char *bytes = malloc(length);
    if (fread(bytes, 1, length, file) != (size_t)length) return 4;
    fclose(file);
    long long start = now();
    libraw_data_t *raw = libraw_init(0);
    raw->params.half_size = 1;
    raw->params.use_camera_wb = 1;
    raw->params.output_color = 1;
    raw->params.output_bps = 8;
    raw->params.user_flip = 0;
    int failure = libraw_open_buffer(raw, bytes, length);
    if (!failure) failure = libraw_unpack(raw);
    if (!failure) failure = libraw_dcraw_process(raw);
    libraw_processed_image_t *image = failure ? NULL : libraw_dcraw_make_mem_image(raw, &failure);
    long long used = now() - start;
    if (image) printf("%lld %d %d\n", used, image->width, image->height);
    else printf("refused\n");
    if (image) libraw_dcraw_clear_mem(image);
    libraw_close(raw);
    free(bytes);
  }
  return 0;
}
