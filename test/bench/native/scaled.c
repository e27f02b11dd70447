/* Decodes JPEGs with libjpeg-turbo's own scaling (N/8), nothing else: file in memory to RGB rows in memory.
   Arguments: N, then files. Output: processor nanoseconds of the decoding and the width of the last picture. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <jpeglib.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments) {
  struct jpeg_decompress_struct decoder;
  struct jpeg_error_mgr errors;
  long long used = 0;
  unsigned width = 0;
  unsigned char *pixels = NULL;
  size_t room = 0;
  decoder.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&decoder);
  for (int each = 2; each < count; each++) {
    FILE *file = fopen(arguments[each], "rb");
    if (!file) return 3;
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(length);
    if (fread(bytes, 1, length, file) != (size_t)length) return 4;
    fclose(file);
    long long start = now();
    jpeg_mem_src(&decoder, bytes, length);
    jpeg_read_header(&decoder, TRUE);
    decoder.scale_num = atoi(arguments[1]);
    decoder.scale_denom = 8;
    decoder.out_color_space = JCS_RGB;
    jpeg_start_decompress(&decoder);
    size_t row = (size_t)decoder.output_width * decoder.output_components;
    if (room < row * decoder.output_height) pixels = realloc(pixels, room = row * decoder.output_height);
    while (decoder.output_scanline < decoder.output_height) {
      JSAMPROW to = pixels + row * decoder.output_scanline;
      jpeg_read_scanlines(&decoder, &to, 1);
    }
    width = decoder.output_width;
    jpeg_finish_decompress(&decoder);
    used += now() - start;
    free(bytes);
  }
  printf("%lld %u\n", used, width);
  return 0;
}
